import { Box, Table, Text } from "@mantine/core";
import { t } from "../../text";
import { changed, type Pair } from "./comparing";
import classes from "./Releases.module.css";

interface PairsProps {
  pairs: readonly Pair[];
  before: string;
  after: string;
  none: string;
  /** What the first column holds. */
  what?: string;
}

/** Two releases line by line; what is not the same stands out. */
export function Pairs({ pairs, before, after, none, what }: PairsProps) {
  if (pairs.length === 0) return <Text c="dimmed">{none}</Text>;
  return (
    <Box className={classes.scrolls} role="group" aria-label={what ?? t("What")} tabIndex={0}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{what ?? t("What")}</Table.Th>
            <Table.Th scope="col">{before}</Table.Th>
            <Table.Th scope="col">{after}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {pairs.map((pair) => (
            <Table.Tr key={pair.key} className={changed(pair) ? classes.changed : ""}>
              <Table.Th scope="row" fw="inherit">
                {pair.key}
              </Table.Th>
              <Table.Td>{pair.before || t("not there")}</Table.Td>
              <Table.Td>{pair.after || t("not there")}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
