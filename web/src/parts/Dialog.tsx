import { Modal, type ModalProps } from "@mantine/core";
import { t } from "../text";

/** A dialog; what closes it has a name in the language of the page. */
export function Dialog(props: ModalProps) {
  return <Modal closeButtonProps={{ "aria-label": t("Close") }} {...props} />;
}
