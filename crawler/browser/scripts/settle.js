// Waits until the page has been still for `quiet` ms. "Still" looks at the number of elements and links, not at every
// mutation: clocks, marquees and carousels never stop, lists arrive once. A page that has been read to its end is given
// `patience` ms to come to rest, one that is still arriving `limit` ms in all. With `grow` (ms) the page is expected to
// fill itself: stillness counts only after something came, or after that time.
({ quiet, patience, limit, grow }) => new Promise((resolve) => {
  const began = performance.now();
  const count = () => document.getElementsByTagName("*").length + "/" + document.links.length + "/" + document.readyState;
  let last = count();
  let changed = began;
  let grown = false;
  let read = null;
  const look = () => {
    const now = performance.now();
    const seen = count();
    if (seen !== last) {
      grown = grown || seen.split("/")[0] !== last.split("/")[0];
      last = seen;
      changed = now;
    }
    if (read === null && document.readyState !== "loading") read = now;
    const still = (grown || now - began >= grow) && document.readyState === "complete" && now - changed >= quiet;
    if (still || now - began >= limit || (read !== null && now - read >= patience)) {
      resolve({ still, loading: document.readyState === "loading" });
    } else {
      setTimeout(look, Math.min(50, quiet));
    }
  };
  look();
});
