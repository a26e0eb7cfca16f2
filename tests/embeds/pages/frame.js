window.heard = [];
addEventListener("message", ({ data }) => window.heard.push(data));
