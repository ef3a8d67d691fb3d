// The page as it stands, as HTML text.
() => {
  const type = document.doctype;
  const head = type ? `<!DOCTYPE ${type.name}${type.publicId ? ` PUBLIC "${type.publicId}"` : ""}` +
    `${type.systemId ? ` "${type.systemId}"` : ""}>\n` : "";
  return head + document.documentElement.outerHTML;
};
