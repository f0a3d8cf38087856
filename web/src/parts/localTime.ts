/** The time of a field of `datetime-local`, in the viewer's zone, as the API takes it. */
export const asMoment = (local: string): string | undefined => {
  const at = new Date(local);
  return local && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
};

/** A moment as a field of `datetime-local` shows it, in the viewer's zone. */
export function asLocal(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
