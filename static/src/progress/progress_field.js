import { Component, onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatShare } from "../numbers";

const POLL_MS = 1500;
const MAX_FAILURES = 3;
const BUSY_STATES = ["queued", "running"];

/**
 * The progress of work in the background, which moves by itself: asks the server as
 * long as the work goes on, and loads the record anew when it has ended.
 */
export class ProgressField extends Component {
    static template = "key_account.ProgressField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.job = useState({ state: "idle", progress: 0, problem: false });
        useRecordObserver((record) => this.follow(record));
        onWillDestroy(() => this.stop());
    }

    get isVisible() {
        return this.job.state && this.job.state !== "idle";
    }

    get isBusy() {
        return BUSY_STATES.includes(this.job.state);
    }

    get text() {
        const share = formatShare(this.job.progress / 100);
        switch (this.job.state) {
            case "queued":
                return _t("Waiting");
            case "stopped":
                return _t("Stopped at %(share)s", { share });
            case "failed":
                return _t("Failed at %(share)s", { share });
            default:
                return share;
        }
    }

    get problem() {
        switch (this.job.problem) {
            case "lost":
                return _t("No answer from the server. Reload the page.");
            case "unsaved":
                return _t("Finished. Save or discard your changes to see the result.");
            default:
                return "";
        }
    }

    follow(record) {
        this.stop();
        this.show(record.data.job_state, record.data[this.props.name]);
        if (this.isBusy && record.resId) {
            this.watch = { record, failures: 0 };
            this.askLater(this.watch);
        }
    }

    stop() {
        browser.clearTimeout(this.timer);
        this.watch = null;
    }

    show(state, progress) {
        Object.assign(this.job, { state, progress: progress || 0, problem: false });
    }

    askLater(watch) {
        this.timer = browser.setTimeout(() => this.ask(watch), POLL_MS);
    }

    async ask(watch) {
        const job = await this.read(watch.record);
        if (watch !== this.watch) {
            return; // another record is shown by now, or none
        }
        watch.failures = job ? 0 : watch.failures + 1;
        if (watch.failures >= MAX_FAILURES) {
            this.job.problem = "lost";
            return;
        }
        if (job) {
            this.show(job.job_state, job[this.props.name]);
        }
        if (this.isBusy) {
            this.askLater(watch);
        } else {
            await this.finish(watch.record);
        }
    }

    /** @returns {Promise<Object|undefined>} nothing when the server does not answer */
    async read(record) {
        try {
            const fields = ["job_state", this.props.name];
            const [job] = await this.orm.silent.read(
                record.resModel,
                [record.resId],
                fields
            );
            return job;
        } catch {
            return undefined;
        }
    }

    /** Shows the result, but never at the cost of what somebody is typing. */
    async finish(record) {
        if (await record.isDirty()) {
            this.job.problem = "unsaved";
        } else {
            await record.load();
        }
    }
}

export const progressField = {
    component: ProgressField,
    displayName: _t("Progress of Background Work"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
    fieldDependencies: [{ name: "job_state", type: "selection" }],
};

registry.category("fields").add("key_account_progress", progressField);
