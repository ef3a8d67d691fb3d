// A coarse impression of how the page looks, to tell whether a switch changed anything.
() => {
  const size = (el) => { const s = getComputedStyle(el); return [s.fontSize, s.zoom, s.color, s.backgroundColor, s.filter]; };
  const sample = [document.documentElement, document.body, ...[...document.querySelectorAll("a,p,h1,h2,li")].slice(0, 30)];
  return JSON.stringify([location.href.split("#")[0], document.body.className, document.documentElement.className,
                         document.getElementsByTagName("*").length, document.documentElement.scrollHeight, sample.map(size)]);
};
