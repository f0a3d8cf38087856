import { describe, expect, it } from "vitest";
import { asText, fromText, lineOfPath } from "./code";
import { type FormField, isMissing, languageOf, settingOf, shownFields, summaryOf } from "./form";
import { newAction, type StepForm } from "./model";
import { elsewhere, errorAt, ofAction, ofStep, problemOf, problemsOf } from "./problems";

const field = (Name: string, more: Partial<FormField> = {}): FormField => ({
  Name,
  Label: Name,
  Help: "",
  Kind: "text",
  Default: "",
  Required: false,
  Choices: [],
  Language: "",
  LanguageFrom: "",
  Least: 0,
  Most: 0,
  ShownWhen: [],
  ...more,
});

const source = field("Source", {
  Kind: "select",
  Default: "Inline",
  Choices: [
    { Value: "Inline", Title: "Written here" },
    { Value: "Package", Title: "A file of a package" },
  ],
});
const body = field("Body", {
  Kind: "code",
  Required: true,
  LanguageFrom: "Syntax",
  ShownWhen: [{ Name: "Source", Values: ["Inline"] }],
});
const feature = field("Octopus.Features.X", { Kind: "feature" });
const files = field("Files", {
  Kind: "lines",
  ShownWhen: [{ Name: "Octopus.Features.X", Values: ["True"] }],
});
const fields = [source, field("Syntax", { Default: "Bash" }), body, feature, files];
const section = { Name: "s", Title: "S", Summary: "What runs.", Fields: fields };
const form: StepForm = {
  Name: "T",
  Title: "T",
  Summary: "",
  Category: "C",
  ServerOnly: false,
  HasPrimaryPackage: false,
  Sections: [section],
};
const names = (properties: Record<string, string>) =>
  shownFields([section], properties).map((each) => each.Name);

describe("a form made from a step type", () => {
  it("shows fields by what others say, or take for granted", () => {
    expect(names({})).toEqual(["Source", "Syntax", "Body", "Octopus.Features.X"]);
    expect(names({ Source: "package" })).not.toContain("Body");
    expect(names({ "Octopus.Action.EnabledFeatures": "octopus.features.x" })).toContain("Files");
  });

  it("begins with its defaults and says what is missing", () => {
    const action = newAction(form, "A");
    expect(settingOf(source, action.Properties)).toBe("Inline");
    expect(isMissing(body, action)).toBe(true);
    expect(isMissing(body, { ...action, Properties: { Body: "echo" } })).toBe(false);
    expect(languageOf(body, fields, {})).toBe("bash");
    expect(languageOf(body, fields, { Syntax: "C#" })).toBe("text");
  });

  it("sums a section up in a few words", () => {
    const action = { ...newAction(form, "A"), Properties: { Body: "echo 1\necho 2" } };
    expect(summaryOf(section, action, fields)).toBe("Source: Written here · Body: 2 lines");
    expect(summaryOf({ ...section, Fields: [feature] }, action, fields)).toBe("What runs.");
  });
});

describe("what the server says of a process", () => {
  const said = problemsOf([
    "Steps[1].Actions[0].Properties[Octopus.Action.Script.ScriptBody]: must not be empty.",
    "Steps[1].Name: is also called 'A'.",
    "Steps[1].Name: is also called 'A'.",
    "Steps[0].Actions[1].Packages[0].PackageId: must not be empty.",
    "Steps: 1001 steps; 1000 at most.",
    "Version: somebody was first.",
  ]);

  it("finds its step, action and field", () => {
    expect(said).toHaveLength(5);
    expect(ofAction(said, 1, 0)[0]?.field).toBe("Octopus.Action.Script.ScriptBody");
    expect(errorAt(ofStep(said, 1), "Name")).toBe("Is also called 'A'.");
    expect(errorAt(ofAction(said, 0, 1), "Packages")).toBe("Must not be empty.");
    expect(said.filter((each) => each.step === undefined)).toHaveLength(2);
    expect(elsewhere(ofStep(said, 1), ["Name"])).toEqual([]);
    expect(problemOf("Something odd.").text).toBe("Something odd.");
  });

  it("stands at its line in the text", () => {
    const action = { ...newAction(form, "A"), Properties: { "Octopus.Action.X": "1" } };
    const step = { Id: "1", Name: "A", Actions: [action], Properties: {} };
    const text = asText([step, step] as never);
    const lines = text.split("\n");
    const at = (path: string) => lines[lineOfPath(path, text) - 1]?.trim();
    expect(at("Steps[1].Actions[0].Properties[Octopus.Action.X]")).toBe('"Octopus.Action.X": "1"');
    expect(lineOfPath("Steps[1].Name", text)).toBeGreaterThan(lineOfPath("Steps[0].Name", text));
    expect(at("Steps[1].Name")).toBe('"Name": "A",');
    expect(at("Steps[1].Actions[0].Packages")).toBe('"Packages": [],');
  });

  it("does not stop at text that is no process", () => {
    expect(fromText("[{]")).toMatchObject({ line: 1 });
    expect(fromText("{}")).toMatchObject({ message: "A process is a list of steps: [ … ]." });
    expect(fromText('[{"Name": "A"}]')).toMatchObject({ line: 1 });
    const read = fromText('[{"Name": "A", "Actions": [{"ActionType": "Octopus.Script"}]}]');
    expect("steps" in read && read.steps[0]?.Actions[0]?.Packages).toEqual([]);
  });
});
