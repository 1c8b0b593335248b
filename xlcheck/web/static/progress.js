// Follows the progress of some work, and goes where it says when it is over.
"use strict";
(() => {
  const place = document.getElementById("undertaking");
  const far = document.getElementById("how-far");
  const bar = document.getElementById("bar");
  const said = document.getElementById("said");
  if (bar.hidden) return;
  said.textContent = ""; // the first event tells all of it
  let isFirst = true;
  const events = new EventSource(place.dataset.events);
  events.addEventListener("open", () => { isFirst = true; });
  events.addEventListener("progress", (event) => {
    const now = JSON.parse(event.data);
    if (isFirst) said.textContent = "";
    isFirst = false;
    for (const line of now.said) said.appendChild(document.createElement("li")).textContent = line;
    bar.max = now.total || 1;
    bar.value = now.total ? now.done : 0;
    if (now.failed) far.textContent = `没有做完：${now.failed}`;
    else if (now.total) far.textContent = `共 ${now.total} 个，已完成 ${now.done} 个`;
    else if (now.done) far.textContent = `已完成 ${now.done} 个`;
    if (!now.is_over) return;
    events.close();
    bar.hidden = true;
    if (!now.failed) {
      far.textContent = "已完成";
      if (now.then) location.assign(location.pathname); // the page there says the last sentence
    }
  });
})();
