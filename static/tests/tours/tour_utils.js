/** Fail unless the screen runs from right to left and fits the width it has. */
export function checkArabicScreen() {
    if (getComputedStyle(document.body).direction !== "rtl") {
        throw new Error("The screen does not run from right to left.");
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The screen is wider than the window.");
    }
}

/** What the next step asks for, written and confirmed. */
export function confirmWith(field, text) {
    return [
        {
            content: `write the ${field}`,
            trigger: `.modal div[name=${field}] :is(input, textarea)`,
            run: `edit ${text}`,
        },
        {
            content: "confirm",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
    ];
}
