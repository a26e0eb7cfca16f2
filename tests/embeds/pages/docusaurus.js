// What a page of Docusaurus does to itself when React takes it over: nodes stay or are made again, and following a link
// swaps the content without loading a document.
addEventListener("DOMContentLoaded", async () => {
  // Some time later; what React then finds changed is an error to it.
  await new Promise(requestAnimationFrame);
  if (document.querySelector(".kinesis-run")) throw new Error("something stands here that React did not write");
  document.documentElement.dataset.hasHydrated = "true";
  const root = document.getElementById("__docusaurus");
  window.navigate = () => root.replaceChildren(document.importNode(window.kept.content, true));
  const kept = document.createElement("template");
  for (const node of root.childNodes) kept.content.append(node.cloneNode(true));
  for (const made of kept.content.querySelectorAll(".kinesis-run, .kinesis-output")) made.remove();
  for (const block of kept.content.querySelectorAll("[data-kinesis-runnable]")) delete block.dataset.kinesisRunnable;
  window.kept = kept;
});
