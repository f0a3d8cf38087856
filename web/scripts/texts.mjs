// What people read in the portal: every text goes through `t`, and every language's catalogue has exactly these texts
// (docs/subsystems/portal.md). `--list` prints the texts instead of checking.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const WEB = join(dirname(fileURLToPath(import.meta.url)), "..");
const CATALOGUES = join(WEB, "src/text/languages");
/** Attributes whose value is read or heard by people. */
const READ = new Set(
  "label title placeholder description alt about why action effect head error aria-label aria-description aria-roledescription".split(
    " ",
  ),
);
const LETTERS = /\p{L}{2,}/u;
/** Names of things and examples of what to type: the same in every language. */
const SAME = /^Gurita$|^[^\s<]*[\d.:/@_-][^\s<]*$|<\S+@\S+>$/;
/** What stands in these is typed or read by machines. */
const CODE = new Set(["Code", "code", "Kbd", "kbd", "pre"]);

/** The project as the compiler reads it. */
function program() {
  const path = join(WEB, "tsconfig.json");
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, WEB);
  return ts.createProgram(fileNames, options);
}

const compiled = program();
const checker = compiled.getTypeChecker();
/** Each text with the place it is first said at. */
const texts = new Map();
/** Those that are said of more than a count of one, which not every language tells from others. */
const usual = new Set();
const breaches = [];

const place = (node) => {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${relative(join(WEB, ".."), file.fileName)}:${line + 1}`;
};
const breach = (node, text) => breaches.push(`${place(node)}: ${text}`);
const said = (text, node) => texts.has(text) || !LETTERS.test(text) || texts.set(text, place(node));
const isText = (text) => LETTERS.test(text) && !SAME.test(text);

/** Whether a type is `Message`, or holds it among others, such as undefined. */
function isMessage(type) {
  if (!type) return false;
  return type.isUnion() ? type.types.some(isMessage) : Boolean(type.getProperty?.("isMessage"));
}

/** Whether a type can only be one of the texts written in the code. */
const isKnown = (type) =>
  type.isUnion() ? type.types.every(isKnown) : type.isStringLiteral() || isMessage(type);

function visitCall(node) {
  const [text] = node.arguments;
  if (!text || !ts.isIdentifier(node.expression) || node.expression.text !== "t") return;
  if (!ts.findAncestor(node, ts.isFunctionLike))
    breach(node, `${node.getText()}: said before the page knows its language`);
  const type = checker.getTypeAtLocation(text);
  if (!isKnown(type)) breach(text, `t(${text.getText()}): not a Message, so no catalogue can have it`);
  for (const each of type.isUnion() ? type.types : [type])
    if (each.isStringLiteral()) {
      said(each.value, text);
      usual.add(each.value);
    }
}

const EITHER = new Set([ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken]);

/** The literals an expression may come to. */
function* outcomes(node) {
  if (ts.isParenthesizedExpression(node)) yield* outcomes(node.expression);
  else if (ts.isConditionalExpression(node)) yield* [...outcomes(node.whenTrue), ...outcomes(node.whenFalse)];
  else if (ts.isBinaryExpression(node) && EITHER.has(node.operatorToken.kind))
    yield* [...outcomes(node.left), ...outcomes(node.right)];
  else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
    yield* outcomes(node.right);
  else if (ts.isStringLiteralLike(node)) yield [node, node.text];
  else if (ts.isTemplateExpression(node))
    yield [node, [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(" ")];
}

function visitShown(expression) {
  if (!expression) return;
  for (const [node, text] of outcomes(expression))
    if (isText(text.trim()) && !isMessage(checker.getContextualType(node)))
      breach(node, `${node.getText()}: what people read goes through t`);
}

const isCode = (node) => ts.isJsxElement(node) && CODE.has(node.openingElement.tagName.getText());

function visit(node) {
  if (
    ts.isStringLiteralLike(node) &&
    node.parent.name !== node &&
    isMessage(checker.getContextualType(node))
  ) {
    said(node.text, node);
    if (node.parent.name?.text !== "one") usual.add(node.text);
  } else if (ts.isCallExpression(node)) visitCall(node);
  else if (ts.isJsxText(node) && isText(node.text.trim()) && !isCode(node.parent))
    breach(node, `${node.text.trim()}: what people read goes through t`);
  else if (ts.isJsxExpression(node) && ts.isJsxElement(node.parent) && !isCode(node.parent))
    visitShown(node.expression);
  else if (ts.isJsxAttribute(node) && READ.has(node.name.getText()) && node.initializer)
    visitShown(ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer);
  ts.forEachChild(node, visit);
}

for (const file of compiled.getSourceFiles())
  if (file.fileName.startsWith(join(WEB, "src")) && !/\.(?:test|d)\.tsx?$/.test(file.fileName)) visit(file);

const places = (text) => (text.match(/\{\{\w+\}\}/g) ?? []).sort().join(" ");

function checkCatalogue(name) {
  const catalogue = JSON.parse(readFileSync(join(CATALOGUES, name), "utf8"));
  const { pluralCategories } = new Intl.PluralRules(name.replace(".json", "")).resolvedOptions();
  const needed = (text) => pluralCategories.includes("one") || usual.has(text);
  const fault = (text) => breaches.push(`web/src/text/languages/${name}: ${text}`);
  for (const [text, where] of texts)
    if (needed(text) && !catalogue[text]) fault(`lacks ${JSON.stringify(text)}, said at ${where}`);
  for (const [text, translated] of Object.entries(catalogue)) {
    if (!texts.has(text) || !needed(text)) fault(`has ${JSON.stringify(text)}, which nobody says`);
    else if (places(text) !== places(translated)) fault(`other places in ${JSON.stringify(translated)}`);
  }
}

if (process.argv.includes("--list")) console.log(JSON.stringify([...texts.keys()], null, 1));
else for (const name of readdirSync(CATALOGUES)) checkCatalogue(name);
if (breaches.length > 0) {
  console.error(breaches.join("\n"));
  process.exitCode = 1;
}
