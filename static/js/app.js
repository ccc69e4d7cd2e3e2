// Loads the small modules. Every page works without them.
import { start as badge } from "./badge.js";
import { start as calls } from "./calls.js";
import { start as choose } from "./choose.js";
import { start as copy } from "./copy.js";
import { start as countdown } from "./countdown.js";
import { start as dates } from "./dates.js";
import { start as editor } from "./editor.js";
import { start as form } from "./form.js";
import { start as grid } from "./grid.js";
import { start as keys } from "./keys.js";
import { start as offline } from "./offline.js";
import { start as poll } from "./poll.js";
import { start as share } from "./share.js";
import { start as sharedDesk } from "./shared_desk.js";
import { start as sound } from "./sound.js";
import { start as theme } from "./theme.js";
import { start as title } from "./title.js";
import { start as unreached } from "./unreached.js";

// sharedDesk first: it asks who acts before any other module sees that a form is sent.
[sharedDesk, theme, form, countdown, dates, poll, copy, choose, grid, editor, title, unreached, sound, keys, calls, badge, offline, share].forEach((start) => start());
