// Width and height of the whole page in CSS pixels.
() => {
  const root = document.documentElement;
  const body = document.body || root;
  return { width: Math.max(innerWidth, root.clientWidth), height: Math.max(root.scrollHeight, body.scrollHeight, innerHeight) };
};
