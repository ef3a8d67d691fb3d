// Runs axe-core and returns only what is kept: per rule its first node, a count, and boxes of the first `boxes` nodes
// in page coordinates, with the title and the first words a reader sees. The full result is a hundred times larger and most of the time would go into carrying it.
async ({ tags, boxes, length }) => {
  const result = await axe.run(document, {
    runOnly: { type: "tag", values: tags },
    resultTypes: ["violations", "incomplete"],
    elementRef: true,
  });
  const path = (target) => target.flat(Infinity).join(" ");
  const box = (node) => {
    if (!node.element || node.target.length !== 1) return null;
    const r = node.element.getBoundingClientRect();
    return r.width < 1 || r.height < 1 ? null : [r.left + scrollX, r.top + scrollY, r.width, r.height];
  };
  const small = (rule, kind) => ({
    rule: rule.id,
    impact: rule.impact || "minor",
    result: kind,
    tags: rule.tags.filter((t) => t.startsWith("wcag")),
    nodes: rule.nodes.length,
    html: (rule.nodes[0].html || "").slice(0, length),
    target: path(rule.nodes[0].target).slice(0, length),
    boxes: rule.nodes.map(box).filter(Boolean).slice(0, boxes),
  });
  return {
    title: document.title,
    text: (document.body ? document.body.innerText : "").slice(0, 1000),
    version: axe.version,
    passes: result.passes.length,
    rules: [
      ...result.violations.map((r) => small(r, "violation")),
      ...result.incomplete.map((r) => small(r, "incomplete")),
    ],
  };
};
