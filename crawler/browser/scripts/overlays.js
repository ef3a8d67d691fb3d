// Describes what lies over the page: large floating layers, and small ones that advertise, sell or push a download.
({ share, words }) => {
  const pushy = new RegExp(words);
  const screen = innerWidth * innerHeight;
  const wholeText = (document.body.innerText || "").length || 1;
  const shown = (el, style, r) =>
    style.visibility !== "hidden" && style.display !== "none" && Number(style.opacity) > 0.05 &&
    style.pointerEvents !== "none" && r.width > 20 && r.height > 20;
  const onTop = (el, r) => {
    const x = Math.min(Math.max(r.left + r.width / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(r.top + r.height / 2, 1), innerHeight - 1);
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (el === hit || el.contains(hit));
  };
  const name = (el) =>
    el.tagName.toLowerCase() + (el.id ? "#" + el.id : "") +
    (typeof el.className === "string" && el.className.trim() ? "." + el.className.trim().split(/\s+/)[0] : "");
  const found = [];
  for (const el of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(el);
    const fixed = style.position === "fixed";
    if (!fixed && style.position !== "absolute") continue;
    if (!fixed && !(Number(style.zIndex) >= 100)) continue; // absolute boxes are ordinary layout unless lifted
    const r = el.getBoundingClientRect();
    if (!shown(el, style, r) || found.some((f) => f.el.contains(el))) continue;
    const width = Math.min(r.right, innerWidth) - Math.max(r.left, 0);
    const height = Math.min(r.bottom, innerHeight) - Math.max(r.top, 0);
    if (width <= 0 || height <= 0 || !onTop(el, r)) continue;
    const text = (el.innerText || "").replace(/\s+/g, " ").trim();
    if (text.length > wholeText * 0.6) continue; // the page's own frame
    const extra = [...el.querySelectorAll("img[alt],a[href],[title]")]
      .map((e) => `${e.getAttribute("alt") || ""} ${e.getAttribute("title") || ""} ${e.getAttribute("href") || ""}`);
    const word = (text + " " + extra.join(" ")).match(pushy);
    const part = (width * height) / screen;
    if (part <= share && !word) continue;
    found.push({ el, kind: fixed ? "固定浮层" : "弹出层", width, height, part, text: text.slice(0, 40),
                 word: word ? word[0] : "", name: name(el) });
  }
  return found.map(({ el, ...rest }) => rest);
};
