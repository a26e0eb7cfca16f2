import init from "./pkg/counter_page.js";

await init();
