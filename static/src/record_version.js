import { useState } from "@odoo/owl";
import { useRecordObserver } from "@web/model/relational_model/utils";

/**
 * A number that grows whenever the record of a widget is read from the server anew, and
 * not while somebody types: what hangs on the record is read again then, too.
 *
 * @returns {() => number}
 */
export function useRecordVersion() {
    const state = useState({ version: 0 });
    useRecordObserver((record) => {
        if (record.data) {
            state.version++;
        }
    });
    return () => state.version;
}
