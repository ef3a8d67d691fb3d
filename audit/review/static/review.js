"use strict";
// Everything that comes from audited pages is set as text, never as markup.
const token = document.querySelector('meta[name="review-token"]').content;
const second = document.body.dataset.second === "1";
const $ = (id) => document.getElementById(id);
let items = [], shown = [], current = -1, pending = null;

async function get(url) {
  const answer = await fetch(url, {credentials: "same-origin"});
  if (!answer.ok) throw new Error("读取失败（" + answer.status + "），请刷新页面或重新打开终端中的网址。");
  return answer.json();
}
function el(tag, text, name) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (name) node.className = name;
  return node;
}
function say(text) { $("said").textContent = text; }
function tell(p) { $("progress").textContent = "待我处理 " + p.waiting + " 处；共 " + p.total + " 处，已定 " + p.done + " 处，待第二人复核 " + p.second + " 处" + (p.gaps ? "；另有采集未取回 " + p.gaps + " 处，不需初审" : ""); }

function label(item) {
  const points = item.veto ? "否决" : item.stake + "分";
  return item.no + "　" + item.unit + "　" + item.rule + "　" + points + "　" + item.state;
}
function draw(keep) {
  const words = $("filter").value.trim().split(/\s+/).filter(Boolean), all = $("all").checked;
  shown = items.filter((i) => (all || i.waiting || i.id === keep) && words.every((w) => label(i).includes(w)));
  const list = document.createDocumentFragment();
  shown.forEach((item, at) => {
    const row = el("li"), button = el("button", label(item), item.waiting ? (item.veto ? "veto" : "") : "done");
    button.type = "button"; button.tabIndex = -1; button.dataset.at = at;
    row.append(button); list.append(row);
  });
  $("queue").replaceChildren(list);
  current = shown.findIndex((i) => i.id === keep);
  mark(false);
}
function mark(focus) {
  for (const old of $("queue").querySelectorAll('[aria-current]')) { old.removeAttribute("aria-current"); old.tabIndex = -1; }
  const row = $("queue").children[Math.max(current, 0)];
  if (!row) return;
  const button = row.firstChild;
  button.tabIndex = 0;
  if (current >= 0) { button.setAttribute("aria-current", "true"); row.scrollIntoView({block: "nearest"}); }
  if (focus) button.focus();
}
async function open(at) {
  if (at < 0 || at >= shown.length) { if (!shown.length) { $("item").hidden = true; say(""); $("progress").textContent += "。队列已空"; } return; }
  current = at; mark(false);
  try { show(await get("/api/item/" + encodeURIComponent(shown[at].id))); } catch (error) { say(error.message); }
}
function rows(target, values) { target.replaceChildren(...values.map((v) => el("li", v))); }
function show(item) {
  say(""); $("item").hidden = false; $("item").dataset.id = item.id;
  $("title").textContent = item.rule + "（" + item.outcome + "）";
  $("meta").textContent = label(item) + (item.needs ? "　须两人处理：" + item.needs : "") + (item.first ? "　初审：" + item.first : "") + (item.lost ? "　同一事项曾经申诉成立（" + item.lost + "），再次认定须写明与上次有何不同" : "");
  $("message").textContent = item.message;
  const facts = [["网址", item.url], ["栏目", item.column], ["为何待判", item.reason], ["人工判定", item.question], ["豁免", item.waived],
    ["规则", item.rule_id], ["指标", item.indicators.join("\n")], ["依据", item.legal.join("\n")], ["为什么", item.why],
    ["怎样改", item.fix], ["如何算通过", item.recheck], ...item.data];
  const list = document.createDocumentFragment();
  for (const [name, value] of facts) if (value) list.append(el("dt", name), el("dd", value));
  $("facts").replaceChildren(list);
  rows($("candidates"), item.candidates.length ? item.candidates.map((c) => c.join("　")) : ["无"]);
  rows($("trail"), item.trail.length ? item.trail : ["无"]);
  rows($("log"), item.log.length ? item.log : ["尚无"]);
  const proof = document.createDocumentFragment();
  for (const e of item.evidence) {
    proof.append(el("p", e.url + "　采集 " + e.at + "　SHA-256 " + e.sha256.slice(0, 16)));
    if (e.quote) proof.append(el("blockquote", e.quote));
    if (e.locator) proof.append(el("p", "位置：" + e.locator));
  }
  if (!item.evidence.length) proof.append(el("p", "没有网页证据（见查找经过）。"));
  $("evidence").replaceChildren(proof);
  $("shots").replaceChildren(...item.shots.map((s) => { const i = el("img"); i.src = "/shot/" + s.sha256; i.alt = "截图：" + s.url; i.loading = "lazy"; return i; }));
  const kept = item.evidence.find((e) => e.kept);
  if (kept) {
    const frame = el("iframe");
    frame.setAttribute("sandbox", ""); frame.title = "封存的网页：" + kept.url; frame.tabIndex = -1; frame.src = "/page/" + kept.sha256;
    $("page").replaceChildren(frame);
  } else $("page").replaceChildren(el("p", "没有封存的网页。"));
  $("finding").scrollTop = 0;
}
async function act(name, more) {
  const item = shown[current];
  if (!item) return;
  const body = Object.assign({id: item.id, act: name, seen: item.state}, more);
  const answer = await fetch("/api/act", {method: "POST", credentials: "same-origin",
    headers: {"Content-Type": "application/json", "X-Review-Token": token}, body: JSON.stringify(body)});
  const told = await answer.json().catch(() => ({error: "服务没有应答，请看终端。"}));
  if (!answer.ok) {
    const why = told.error || "没有办成。";
    if ($("dialog").open && answer.status === 409 && item.state === await stateNow(item.id)) { $("dialog-said").textContent = why; return; }
    $("dialog").close(); say(why); await refresh(item.id); return;
  }
  $("dialog").close();
  Object.assign(items.find((i) => i.id === item.id), told.item);
  tell(told.progress);
  const button = $("queue").children[current].firstChild;
  button.textContent = label(told.item); button.className = told.item.waiting ? "" : "done";
  if (name === "undo") { await open(current); return; }
  step(1, true);
}
// What was typed is kept where only the entry was wrong; where somebody else was faster the queue is read again.
async function stateNow(id) {
  try { return (await get("/api/item/" + encodeURIComponent(id))).state; } catch (error) { return ""; }
}
async function refresh(keep) {
  const found = await get("/api/queue");
  items = found.items; tell(found.progress); draw(keep);
}
function step(by, waitingOnly) {
  let at = current + by;
  while (waitingOnly && shown[at] && !shown[at].waiting) at += by;
  if (shown[at]) open(at); else { say(""); $("progress").focus(); }
}
function ask(name) {
  pending = name;
  $("dialog-title").textContent = {confirm: "人工核查认定", reject: "驳回", duplicate: "与另一问题重复", manual: "转人工", refer: "敏感内容转送"}[name];
  const item = shown[current], states = name === "confirm" && item.unmeasured;
  $("reasons").hidden = name !== "reject"; $("of-line").hidden = name !== "duplicate"; $("stated").hidden = !states;
  $("dialog-said").textContent = "";
  for (const id of ["note", "of", "fact", "proof", "day"]) $(id).value = "";
  for (const radio of document.getElementsByName("reason")) radio.checked = false;
  $("dialog").showModal();
  ({reject: document.getElementsByName("reason")[0], duplicate: $("of"), confirm: states ? $("fact") : $("note")}[name] || $("note")).focus();
}
function finish() {
  const chosen = document.querySelector('input[name="reason"]:checked');
  if (pending === "reject" && !chosen) { $("dialog-said").textContent = "请先选择理由。"; document.getElementsByName("reason")[0].focus(); return; }
  const wanted = pending !== "confirm" ? [] : [...(shown[current].unmeasured ? ["fact", "proof", "day"] : []), ...(shown[current].lost ? ["note"] : [])];
  const blank = wanted.filter((id) => !$(id).value.trim());
  if (blank.length) {
    $("dialog-said").textContent = "还没有填写：" + blank.map((id) => "“" + document.querySelector("label[for=" + id + "]").textContent + "”").join("、") + "。";
    $(blank[0]).focus(); return;
  }
  act(pending, {reason: chosen ? chosen.value : "", note: $("note").value, of: $("of").value,
    fact: $("fact").value, proof: $("proof").value, day: $("day").value});
}
function confirmOne() {
  const item = shown[current];
  if (item && (item.unmeasured || item.lost) && !item.gap && !second) ask("confirm"); else act("confirm", {});
}
const doing = {confirm: confirmOne, undo: () => act("undo", {}), next: () => step(1, false), previous: () => step(-1, false),
  reject: () => ask("reject"), manual: () => ask("manual"), refer: () => ask("refer"), duplicate: () => ask("duplicate")};
const keys = {y: "confirm", n: "reject", m: "manual", s: "refer", d: "duplicate", u: "undo", j: "next", k: "previous"};

document.addEventListener("keydown", (event) => {
  if ($("dialog").open) {
    if (event.key === "Enter" && (event.ctrlKey || event.target.name === "reason" || event.target.id === "of")) { event.preventDefault(); finish(); }
    if (pending === "reject" && event.target.id !== "note" && /^[1-9]$/.test(event.key)) {
      const radio = document.getElementsByName("reason")[Number(event.key) - 1];
      if (radio) { radio.checked = true; radio.focus(); }
    }
    return;
  }
  if (!$("keys").checked || event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const name = keys[event.key.toLowerCase()];
  if (!name || (second && (name === "refer" || name === "duplicate"))) return;
  event.preventDefault(); doing[name]();
});
document.querySelector(".acts").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) doing[button.dataset.act]();
});
$("queue").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) open(Number(button.dataset.at));
});
$("ok").addEventListener("click", finish);
$("cancel").addEventListener("click", () => $("dialog").close());
$("filter").addEventListener("input", () => draw(shown[current] && shown[current].id));
$("all").addEventListener("change", () => draw(shown[current] && shown[current].id));
refresh().then(() => { current = -1; open(0); }).catch((error) => say(error.message));
