// Width and height of the whole page in CSS pixels, and whether it has been scrolled.
() => {
  const root = document.documentElement;
  const body = document.body || root;
  const scrolled = scrollX !== 0 || scrollY !== 0;
  return { scrolled, width: Math.max(innerWidth, root.clientWidth), height: Math.max(root.scrollHeight, body.scrollHeight, innerHeight) };
};
