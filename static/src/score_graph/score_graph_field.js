import { registry } from "@web/core/registry";
import {
    JournalDashboardGraphField,
    journalDashboardGraphField,
} from "@web/views/fields/journal_dashboard_graph/journal_dashboard_graph_field";

/**
 * Scores over time on Odoo's small line graph, with the whole scale from 0 to 100, so
 * that a small change looks small.
 */
export class ScoreGraphField extends JournalDashboardGraphField {
    static props = {
        ...JournalDashboardGraphField.props,
        graphType: { type: String, optional: true },
    };
    static defaultProps = { graphType: "line" };

    getLineChartConfig() {
        const config = super.getLineChartConfig();
        config.options.scales.y = { display: true, min: 0, max: 100, ticks: { stepSize: 25 } };
        config.options.scales.x = { display: true };
        return config;
    }
}

registry.category("fields").add("key_account_score_graph", {
    ...journalDashboardGraphField,
    component: ScoreGraphField,
});
