// Switches the elder-friendly mode on by the one click a visitor would make. Returns what was clicked, or why not.
({ hosts }) => {
  const ranks = [
    /^[^，。]{0,4}(适老化?|长者|长辈|老年人?|关怀)(版|模式|助手|专区|服务|浏览|通道|关怀)?[^，。]{0,2}$/,
    /^[^，。]{0,4}(大字)(版|模式|号|体)?$/,
    /^[^，。]{0,4}(无障碍|辅助浏览|语音朗读|读屏)(版|模式|浏览|阅读|服务|辅助|工具|通道|声明)?$/,
  ];
  const label = (el) => {
    const image = el.matches("img,input") ? el : el.querySelector("img");
    const texts = [el.innerText, el.getAttribute("title"), el.getAttribute("aria-label"), el.value,
                   image && image.alt, image && image.title];
    return texts.map((t) => String(t || "").replace(/\s+/g, "").trim()).find((t) => t && t.length <= 12) || "";
  };
  const seen = (el) => {
    const r = el.getBoundingClientRect();
    const style = getComputedStyle(el);
    return r.width > 0 && r.height > 0 && style.visibility !== "hidden" && style.display !== "none";
  };
  const candidates = [];
  const order = [...document.querySelectorAll("a,button,[role=button],[onclick],input[type=button],span,div,li,img,i,em,p")];
  order.forEach((el, position) => {
    const text = label(el);
    const rank = text ? ranks.findIndex((r) => r.test(text)) : -1;
    if (rank < 0 || !seen(el) || (el.closest("form") && el.matches("[type=submit],button:not([type])"))) return;
    const own = el.matches("a,button,[role=button],[onclick],input") ? 0 : 1;
    const depth = el.querySelectorAll("*").length;
    candidates.push({ el, text, key: [rank, own, depth, position] });
  });
  if (!candidates.length) return { state: "no-entry" };
  candidates.sort((a, b) => a.key.map((v, i) => v - b.key[i]).find((d) => d !== 0) || 0);
  const { el, text } = candidates[0];
  const anchor = el.closest("a[href]");
  if (anchor && /^https?:$/.test(anchor.protocol)) {
    if (!hosts.includes(anchor.hostname)) return { state: "foreign", text, url: anchor.href };
    anchor.removeAttribute("target"); // pop-ups are closed; the elder version is looked at in this page
  }
  setTimeout(() => el.click(), 0); // after this answer has left, for the click may leave the page
  return { state: "clicked", text, url: anchor ? anchor.href : "" };
};
