// How the interfaces of the contract look as JSON, and what an answer lacks of them, named member by member.

/** An interface as it is sent: enums as their words, dates as text, null where a member may be absent. */
export type Wire<T> = 0 extends 1 & T
    ? any
    : T extends string
      ? `${T}`
      : T extends Date
        ? string
        : T extends number | boolean | null | undefined
          ? T
          : T extends ReadonlyArray<infer Item>
            ? ReadonlyArray<Wire<Item>>
            : T extends object
              ? { readonly [Key in keyof T]: Wire<T[Key]> | (undefined extends T[Key] ? null : never) }
              : T;

type Named<T> = keyof { [Key in keyof T as string extends Key ? never : number extends Key ? never : Key]: 1 };
type Needed<T> = { [Key in Named<T>]-?: {} extends Pick<T, Key & keyof T> ? never : Key }[Named<T>];
type Text<Key> = Key extends string | number ? `${Key}` : never;
type Inside<Path extends string, Key> = Path extends "" ? Text<Key> : `${Path}.${Text<Key>}`;

/** The paths of all members of an interface that an answer does not have or has with another type; never if there is none. */
export type Gaps<Answer, T, Path extends string = ""> = 0 extends 1 & T
    ? never
    : Answer extends Wire<T>
      ? never
      : [Answer] extends [null]
        ? `${Path}: null`
        : [Answer] extends [ReadonlyArray<unknown>]
          ? [Extract<T, ReadonlyArray<unknown>>] extends [never]
              ? `${Path}: a list`
              : [Extract<T, ReadonlyArray<unknown>>] extends [ReadonlyArray<infer Item>]
                ? { [Index in keyof Answer]: Gaps<Answer[Index], Item, `${Path}[]`> }[number & keyof Answer]
                : never
          : [Answer] extends [object]
            ? Fewest<Answer, Extract<T, object>, Path>
            : `${Path}: ${Text<Answer & (string | number)>}`;

type Fewest<Answer, T, Path extends string> = [T] extends [never]
    ? `${Path}: an object`
    : [OfKind<Answer, T>] extends [never]
      ? OfEach<Answer, T, Path>
      : OfEach<Answer, OfKind<Answer, T>, Path>;

type OfEach<Answer, T, Path extends string> = T extends unknown ? OfObject<Answer, T, Path> : never;
type OfKind<Answer, T> = T extends unknown ? (IsOfKind<Answer, T> extends true ? T : never) : never;

/** Whether the word that tells the kinds of a union apart, if there is one, is that of the answer. */
type IsOfKind<Answer, T> = {
    [Key in Discriminator]: Key extends keyof T
        ? Key extends keyof Answer
            ? Answer[Key] extends Wire<T[Key]>
                ? never
                : "another kind"
            : never
        : never;
}[Discriminator] extends never
    ? true
    : false;

type Discriminator = "AccountType" | "FeedType" | "CommunicationStyle" | "WorkerPoolType";

type OfObject<Answer, T, Path extends string> =
    | { [Key in Needed<T>]: Key extends keyof Answer ? never : `${Inside<Path, Key>}: missing` }[Needed<T>]
    | {
          [Key in keyof Answer]: Key extends Named<T>
              ? Answer[Key] extends Wire<T>[Key & keyof T]
                  ? never
                  : Gaps<Answer[Key], T[Key & keyof T], Inside<Path, Key>>
              : string extends keyof T
                ? Gaps<Answer[Key], T[string & keyof T], Inside<Path, "{}">>
                : never;
      }[keyof Answer];
