import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTwiml } from "./twiml.ts";

describe("a document does nothing but speak, play and wait:", () => {
  it.each([
    ["nothing at all", "<Response/>", []],
    ["nothing, at length", "<Response>\n</Response>", []],
    ["words", "<Response><Say>Hello</Say></Response>", [{ characters: 5, loops: 1 }]],
    [
      "as the SDKs write it",
      '<?xml version="1.0" encoding="UTF-8"?><Response><Say voice="alice" language="en-GB" loop="2">A &amp; B</Say><Pause length="1"/></Response>',
      [{ characters: 9, loops: 2 }],
    ],
    ["without end", "<Response><Say loop='0'>Hi</Say></Response>", [{ characters: 2, loops: null }]],
    [
      "all that it may",
      "<Response> <Play loop='1'>https://a.example/b.mp3?c=1&amp;d=2</Play><Pause/><Reject reason='busy'/><Hangup/> </Response>",
      [],
    ],
  ])("%s", (_, document, said) => {
    expect(readTwiml(document)).toEqual({ kind: "speech", said });
  });
});

describe("nothing bounds a document that", () => {
  it.each([
    ["dials", "<Response><Dial>+15005550006</Dial></Response>", /has <Dial>/],
    ["dials at its end", "<Response><Say>Hi</Say><Dial><Number>+1</Number></Dial></Response>", /has <Dial>/],
    ["dials inside of speech", "<Response><Say>Hi<Dial>+1</Dial></Say></Response>", /<Say> that Keybrake cannot read/],
    ["redirects", "<Response><Redirect>https://a.example/</Redirect></Response>", /has <Redirect>/],
    ["gathers", '<Response><Gather action="/a"><Say>Hi</Say></Gather></Response>', /has <Gather>/],
    ["records", "<Response><Record/></Response>", /has <Record>/],
    ["sends", "<Response><Sms>Hi</Sms></Response>", /has <Sms>/],
    ["pays", "<Response><Pay/></Response>", /has <Pay>/],
    ["connects", "<Response><Connect><Stream url='wss://a'/></Connect></Response>", /has <Connect>/],
    ["writes a verb in small letters", "<Response><dial>+1</dial></Response>", /has <dial>/],
    ["has an attribute that calls back", '<Response><Say action="/a">Hi</Say></Response>', /attribute action/],
    ["has an attribute twice", '<Response><Say loop="1" loop="9">Hi</Say></Response>', /twice/],
    ["loops too often", '<Response><Say loop="9999">Hi</Say></Response>', /loop/],
    ["has entities of its own", '<!DOCTYPE R [<!ENTITY d "x">]><Response><Say>&d;</Say></Response>', /declarations/],
    ["uses an entity that is none", "<Response><Say>&dial;</Say></Response>", /cannot read/],
    ["hides in a comment", "<Response><!-- <Hangup/> --><Dial>+1</Dial></Response>", /comments/],
    ["hides in CDATA", "<Response><Say><![CDATA[</Say><Dial>+1</Dial>]]></Say></Response>", /CDATA/],
    ["has an instruction", "<?xml-stylesheet href='a'?><Response/>", /declarations/],
    ["is in another encoding", '<?xml version="1.0" encoding="UTF-7"?><Response/>', /declarations/],
    ["is two", "<Response/><Response><Dial>+1</Dial></Response>", /not one <Response>/],
    ["ends early", "<Response><Hangup/></Response><Dial>+1</Dial></Response>", /cannot be read/],
    ["is not closed", "<Response><Say>Hi</Play></Response>", /not well-formed/],
    ["has text of its own", "<Response>Hi</Response>", /cannot be read/],
    ["has a name space", '<Response xmlns="a"/>', /not one <Response>/],
    ["is something else", "hello", /not one <Response>/],
    ["is too long", `<Response><Say>${"a".repeat(20_000)}</Say></Response>`, /longer/],
  ])("%s", (_, document, why) => {
    const read = readTwiml(document);
    expect(read.kind).toBe("unbounded");
    expect(read.kind === "unbounded" ? read.why : "").toMatch(why);
  });
});

it("a verb that is not known never passes, wherever it is put", () => {
  const piece = fc.constantFrom(
    "<Say>",
    "</Say>",
    "<Say/>",
    "<Play>",
    "</Play>",
    "<Pause/>",
    "<Response>",
    "</Response>",
    " ",
    "a",
    "&lt;",
    "<",
    ">",
    "&",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "'",
    '"',
    "<?xml?>",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(piece, { maxLength: 12 }), (before, after) => {
      const document = `<Response>${before.join("")}<Dial>+1</Dial>${after.join("")}</Response>`;
      expect(readTwiml(document).kind).toBe("unbounded");
    }),
    { numRuns: 3_000 },
  );
});
