// What mdBook's own script does with keys, and what a line of `additional-js` adds: file names of a book get hashes, the
// folder of the sandbox does not, so the script names it.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement?.tagName)) return;
  if (event.key === "ArrowRight") location.href = document.querySelector(".nav-chapters.next").href;
});
for (const [src, type] of [["/sandbox/embed/loader.js", ""], ["/sandbox/embed/kinesis-sandbox.js", "module"]]) {
  const script = document.createElement("script");
  script.src = src;
  script.type = type;
  script.dataset.base = "..";
  document.head.append(script);
}
