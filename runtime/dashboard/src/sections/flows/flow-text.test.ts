import { flowNodesOf } from "./flow-text";

describe("a text that shall be flows", () => {
  const nodes = [{ id: "t1", type: "tab", label: "Lights" }];
  it.each([
    [JSON.stringify(nodes), nodes, "the list itself"],
    [JSON.stringify({ rev: "7", flows: nodes }), nodes, "as Node-RED's admin API wraps it"],
    ["[{", "no-json", "half of a file"],
    ["", "no-json", "nothing"],
    ["null", "no-flows", "null"],
    ["[]", "no-flows", "an empty list"],
    ['{"a":1}', "no-flows", "another object"],
    ['[{"id":"t1"}]', "no-flows", "a node without a type"],
    ["[null]", "no-flows", "a list of nothing"],
  ])("%#: %s", (text, found, _because) => {
    expect(flowNodesOf(text)).toEqual(found);
  });
});
