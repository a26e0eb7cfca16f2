import init from "./pkg/empty_page.js";

await init();
