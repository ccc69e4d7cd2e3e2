// Loads the small modules. Every page works without them.
import { start as copy } from "./copy.js";
import { start as countdown } from "./countdown.js";
import { start as editor } from "./editor.js";
import { start as form } from "./form.js";
import { start as grid } from "./grid.js";
import { start as poll } from "./poll.js";
import { start as theme } from "./theme.js";

[theme, form, countdown, poll, copy, grid, editor].forEach((start) => start());
