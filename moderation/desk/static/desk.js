// The desk's keys, the seconds left to undo, and nothing else: pages work without this file.
"use strict";

const typing = (element) => element.closest("textarea, select, input:not([type=checkbox])") !== null;
const visible = (element) => element.checkVisibility();
const find = (selector) => [...document.querySelectorAll(selector)].find(visible);
const armed = () => document.querySelector("details.verdict[open]");

function disarm() {
  const open = armed();
  if (open) open.open = false;
  return open !== null;
}

// "a" and "r" show the reasons; the same key again takes the usual one, a digit another.
function choose(key) {
  const open = armed();
  if (!open) return false;
  const wanted = /^[1-9]$/.test(key) ? `[data-digit="${key}"]` : `[data-default="${key}"]`;
  const button = open.querySelector(wanted);
  if (button) button.click();
  return button !== null;
}

function press(key) {
  if (choose(key)) return true;
  if (key === "g") return document.documentElement.classList.toggle("grey"), true;
  const field = find(`[data-focus="${key}"]`);
  if (field) return field.focus(), true;
  const target = find(`[data-key="${CSS.escape(key)}"]`);
  if (target) target.click();
  return target !== undefined;
}

const also = { " ": "v", j: "n", ArrowRight: "n", z: "u", Enter: "" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return disarm() || event.target.blur();
  if (typing(event.target) || document.querySelector("dialog[open]") || event.repeat) return;
  const key = also[event.key] ?? event.key;
  if (key && press(key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const open = armed();
  if (open && !open.contains(event.target)) open.open = false;
});

// While a decision is on its way, a second press of the same button decides nothing twice.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest(".decide")) document.querySelector(".decide").inert = true;
});
document.addEventListener("htmx:afterRequest", () => {
  const bar = document.querySelector(".decide");
  if (bar) bar.inert = false;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "stage") return;
  window.scrollTo(0, 0);
  document.getElementById("stage").focus({ preventScroll: true });
});

setInterval(() => {
  const left = document.querySelector(".left");
  if (!left) return;
  const seconds = Math.max(0, Number(left.dataset.seconds) - 1);
  left.dataset.seconds = seconds;
  left.textContent = `${seconds} ${left.dataset.unit}`;
  if (seconds === 0) left.closest(".told").remove();
}, 1000);
