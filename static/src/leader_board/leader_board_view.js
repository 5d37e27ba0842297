import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/**
 * The figures above the leader's board: each is a button that filters the board or opens
 * what it counts.
 */
export class LeaderFigures extends Component {
    static template = "key_account.LeaderFigures";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ figures: [] });
        onWillStart(() => this.load());
        // whoever hands a ticket over sees the figures follow
        useBus(this.props.list.model.bus, "update", useDebounced(() => this.load(), 300));
    }

    async load() {
        this.state.figures = await this.orm.call("key.account.ticket", "get_leader_board", []);
    }

    isActive(figure) {
        return Boolean(figure.filter && this.filter(figure)?.isActive);
    }

    tone(figure) {
        return figure.value ? figure.tone : "secondary";
    }

    open(figure) {
        if (figure.action) {
            return this.action.doAction(figure.action);
        }
        const filter = this.filter(figure);
        if (filter) {
            this.env.searchModel.toggleSearchItem(filter.id);
        }
    }

    filter(figure) {
        return this.env.searchModel.getSearchItems((item) => item.name === figure.filter)[0];
    }
}

export class LeaderBoardRenderer extends KanbanRenderer {
    static template = "key_account.LeaderBoardRenderer";
    static components = { ...KanbanRenderer.components, LeaderFigures };
}

registry.category("views").add("key_account_leader_board", {
    ...kanbanView,
    Renderer: LeaderBoardRenderer,
});
