// What can be read on the page and where: runs of text in document order, each with its box in page pixels.
(limits) => {
  const found = [];
  const walker = document.createTreeWalker(document.body || document.documentElement, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node && found.length < limits.runs; node = walker.nextNode()) {
    const text = node.data.replace(/\s+/g, " ").trim();
    const holder = node.parentElement;
    if (!text || !holder || /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|TEXTAREA|OPTION)$/.test(holder.tagName)) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const top = box.top + scrollY, left = box.left + scrollX;
    if (box.width < 2 || box.height < 2 || left < 0 || top < 0) continue;
    if (left + box.width > innerWidth || top + box.height > limits.height) continue;  // beyond the photograph: nothing there could be framed
    if (getComputedStyle(holder).visibility !== "visible") continue;
    found.push([text.slice(0, limits.characters), Math.round(left), Math.round(top), Math.round(box.width), Math.round(box.height)]);
  }
  return found;
};
