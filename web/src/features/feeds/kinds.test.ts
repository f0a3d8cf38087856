import { describe, expect, it } from "vitest";
import { FIELDS, feedBody, KINDS, kindOf, newFeed } from "./kinds";

describe("feeds", () => {
  it("ask for members whose fields are known", () => {
    for (const kind of Object.values(KINDS))
      for (const member of kind.members) expect(FIELDS[member].label).not.toBe("");
  });

  it("leave nothing of a type behind that was chosen before", () => {
    const feed = {
      ...newFeed("NuGet"),
      Name: "x",
      FeedUri: "u",
      EnhancedMode: true,
      Region: "r",
      Id: "Feeds-1",
    };
    expect(feedBody(feed)).toEqual({
      FeedType: "NuGet",
      Name: "x",
      FeedUri: "u",
      EnhancedMode: true,
      Id: "Feeds-1",
    });
    expect(feedBody({ ...feed, FeedType: "S3" })).toEqual({
      FeedType: "S3",
      Name: "x",
      FeedUri: "u",
      Region: "r",
      Id: "Feeds-1",
    });
  });

  it("of a type nobody here knows are named as the server names them", () => {
    expect(kindOf("Strange")).toEqual({ text: "Strange", members: [] });
    expect(kindOf("BuiltIn").text).toBe("Built-in repository");
  });
});
