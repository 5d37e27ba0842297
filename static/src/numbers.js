import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { nbsp } from "@web/core/utils/strings";

/**
 * A number as people write it: thousand separators, two decimals at most.
 *
 * @param {number} value
 * @returns {string}
 */
export function formatNumber(value) {
    return formatFloat(value, { digits: [16, 2], trailingZeros: false });
}

/**
 * A number with its sign, for differences.
 *
 * @param {number} value
 * @returns {string}
 */
export function formatDifference(value) {
    const sign = value > 0 ? "+" : value < 0 ? "−" : "";
    return sign + formatNumber(Math.abs(value));
}

/**
 * @param {number} share 0 to 1
 * @returns {string} e.g. "80 %"
 */
export function formatShare(share) {
    return `${formatNumber(Math.round(share * 100))}${nbsp}%`;
}

/**
 * An amount that fits into a small cell, e.g. "¥ 250k" or "¥ 1.4M".
 *
 * @param {number} amount
 * @param {number|false} currencyId
 * @returns {string}
 */
export function formatCompactAmount(amount, currencyId) {
    const isLarge = Math.abs(amount) >= 1_000_000;
    return formatMonetary(amount, {
        currencyId,
        digits: [16, isLarge ? 1 : 0],
        humanReadable: true,
        minDigits: isLarge ? 1 : 2,
    });
}
