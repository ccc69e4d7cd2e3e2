// Days that are not looked at: the address names them, so they stay hidden after an edit and for whoever is sent it.
import { day, table } from "./table.js";
import * as select from "./select.js";

export const isHiding = () => Boolean(table().tHead.querySelector(".hid"));

function go(hidden) {
  const to = new URL(location.href);
  to.searchParams.delete("hide");
  if (hidden.length) to.searchParams.set("hide", hidden.join());
  location.assign(to);
}

export const hide = () => go([...new URLSearchParams(location.search).getAll("hide"), ...new Set(select.cells().map(day))]);
export const unhide = () => go([]);
