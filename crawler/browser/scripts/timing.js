// The load time of this page as its visitor had it, in ms from the start of the navigation: first byte, document
// read, everything loaded. `load` is null when the page is not loaded after `limit` ms.
({ limit }) => new Promise((resolve) => {
  const began = performance.now();
  const look = () => {
    const entry = performance.getEntriesByType("navigation")[0];
    const loaded = entry && entry.loadEventEnd > 0;
    if (loaded || performance.now() - began >= limit) {
      const of = (name) => (entry && entry[name] > 0 ? Math.round(entry[name]) : null);
      resolve({ first: of("responseStart"), read: of("domContentLoadedEventEnd"), load: of("loadEventEnd") });
    } else {
      setTimeout(look, 50);
    }
  };
  look();
});
