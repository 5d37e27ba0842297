import { onWillDestroy, reactive, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
const TICK_MS = 30_000;
const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * Minutes as people say them, e.g. "40 min", "1 h 20 min", "16 h".
 *
 * @param {number} minutes
 * @returns {string}
 */
export function formatMinutes(minutes) {
    const hours = Math.floor(minutes / HOUR);
    const rest = minutes % HOUR;
    if (!hours) {
        return _t("%s min", rest);
    }
    return rest
        ? _t("%(hours)s h %(minutes)s min", { hours, minutes: rest })
        : _t("%s h", hours);
}

/**
 * The time on the wall between two moments; the longer, the rougher.
 *
 * @param {DateTime} from
 * @param {DateTime} until
 * @returns {string}
 */
export function formatSpan(from, until) {
    const minutes = Math.floor(until.diff(from, "minutes").minutes);
    if (minutes < 1) {
        return _t("less than a minute");
    }
    if (minutes < DAY) {
        return formatMinutes(minutes);
    }
    const days = Math.floor(minutes / DAY);
    const hours = Math.floor((minutes % DAY) / HOUR);
    return hours ? _t("%(days)s d %(hours)s h", { days, hours }) : _t("%s d", days);
}

// One clock for everything on the screen that tells how much time is left.
const clock = reactive({ millis: 0 });
let watchers = 0;
let timer = null;

const tick = () => (clock.millis = DateTime.now().toMillis());

/** The present moment, which moves on by itself as long as a component looks at it. */
export function useNow() {
    if (!watchers++) {
        timer = browser.setInterval(tick, TICK_MS);
    }
    tick();
    onWillDestroy(() => {
        if (!--watchers) {
            browser.clearInterval(timer);
        }
    });
    const state = useState(clock);
    return () => DateTime.fromMillis(state.millis);
}
