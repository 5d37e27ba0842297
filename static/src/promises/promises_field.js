import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatMinutes, formatSpan, useNow } from "../durations";

const LOOKS = {
    met: { label: _t("Met"), icon: "fa-check-circle", tone: "success" },
    missed: { label: _t("Missed"), icon: "fa-exclamation-circle", tone: "danger" },
    running: { label: _t("Running"), icon: "fa-clock-o", tone: "primary" },
    paused: { label: _t("On Hold"), icon: "fa-pause-circle", tone: "info" },
};

const round = (share) => Math.round(share * 10) / 10;

/**
 * The promises that were made on a ticket, on one scale of time: when each began, when
 * it was due, when it was kept, and when it stood still. A click opens its log.
 */
export class PromisesField extends Component {
    static template = "key_account.PromisesField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.now = useNow();
    }

    /** The promises with their moments, in the zone of the reader. */
    get promises() {
        const at = (text) => text && deserializeDateTime(text);
        return (this.props.record.data[this.props.name] || []).map((promise) => ({
            ...promise,
            start: at(promise.start),
            due: at(promise.due),
            stop: at(promise.stop),
            holds: promise.holds.map(([from, until]) => [at(from), at(until)]),
        }));
    }

    get lines() {
        const { promises } = this;
        const moments = promises.flatMap(({ start, due, stop }) => [start, due, stop]);
        if (promises.some((promise) => !promise.stop)) {
            moments.push(this.now());
        }
        const known = moments.filter(Boolean).map((moment) => moment.toMillis());
        const first = Math.min(...known);
        const length = Math.max(Math.max(...known) - first, 1);
        const place = (moment) => round(((moment.toMillis() - first) / length) * 100);
        return promises.map((promise) => this.makeLine(promise, place));
    }

    makeLine(promise, place) {
        const until = promise.stop || this.now();
        return {
            ...promise,
            look: LOOKS[promise.state],
            text: this.describe(promise),
            terms: this.terms(promise),
            run: this.bar(promise.start, until, place),
            left: !promise.stop && promise.due > until && this.bar(until, promise.due, place),
            pauses: promise.holds
                .map(([from, to]) => [from, to || until])
                .filter(([from, to]) => to > promise.start && from < until)
                .map(([from, to]) => this.bar(from, to, place)),
            due: promise.due && `left: ${place(promise.due)}%`,
        };
    }

    bar(from, until, place) {
        const left = Math.max(place(from), 0);
        return `left: ${left}%; width: ${Math.max(round(place(until) - left), 0.5)}%`;
    }

    describe({ state, due, stop, late }) {
        if (state === "met") {
            return _t("on %s", toLocaleDateTimeString(stop));
        }
        if (state === "paused") {
            return _t("stands still");
        }
        if (stop) {
            return _t("done %(late)s of working time too late, on %(when)s", {
                late: formatMinutes(late),
                when: toLocaleDateTimeString(stop),
            });
        }
        if (state === "missed") {
            return _t("due %(when)s, late by %(time)s", {
                when: toLocaleDateTimeString(due),
                time: formatSpan(due, this.now()),
            });
        }
        return _t("due %(when)s, in %(time)s", {
            when: toLocaleDateTimeString(due),
            time: formatSpan(this.now(), due),
        });
    }

    terms({ minutes, hours, start }) {
        const values = { time: formatMinutes(minutes), start: toLocaleDateTimeString(start), hours };
        return hours
            ? _t("Promised within %(time)s of working time (%(hours)s) from %(start)s", values)
            : _t("Promised within %(time)s, day and night, from %(start)s", values);
    }

    openLog(promise) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: promise.name,
            res_model: "key.account.sla.clock",
            res_id: promise.id,
            views: [[false, "form"]],
            target: "new",
        });
    }
}

export const promisesField = {
    component: PromisesField,
    displayName: _t("Promises on a Scale of Time"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("key_account_promises", promisesField);
