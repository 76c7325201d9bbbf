"""The ids of the shipped exercises and of their versions, by slug: none is ever replaced."""

IDS = {
    "a-kind-pause": (
        "01a202fd-5383-7402-bc36-63a7227fcf62",
        "01a202fd-5384-76e5-acd5-07767dd280ca",
    ),
    "a-moment-on-my-timeline": (
        "01a2025e-a368-723a-843c-709f826bda27",
        "01a2025e-a369-753a-90f9-fefb78c057a5",
    ),
    "a-page-for-grief": (
        "01a2025e-a369-753a-90f9-fefcdb07451c",
        "01a2025e-a369-753a-90f9-fefdff7e39b2",
    ),
    "a-page-of-radical-acceptance": (
        "01a2025e-a369-753a-90f9-fefecbce155b",
        "01a2025e-a369-753a-90f9-feff4978ca8d",
    ),
    "after-a-difficult-conversation": (
        "01a20301-6ae5-7742-9376-366fa0a2e50b",
        "01a20301-6ae5-7742-9376-3670db635eb4",
    ),
    "after-the-session": (
        "01a202fd-5385-7459-ae75-ba3b62847302",
        "01a202fd-5385-7459-ae75-ba3c8d161579",
    ),
    "asking-for-support": (
        "01a20304-d7b8-7308-a553-aa3348b7f06f",
        "01a20304-d7b8-7308-a553-aa3416d7c586",
    ),
    "belief-and-its-weight": (
        "01a20308-53cd-7534-a70a-7a180ad053d5",
        "01a20308-53cd-7534-a70a-7a1983b3e9b4",
    ),
    "body-scan": (
        "01a20304-d7b8-7308-a553-aa3546b9cba0",
        "01a20304-d7b8-7308-a553-aa366c2d01a3",
    ),
    "choosing-a-new-response": (
        "01a2025e-a369-753a-90f9-ff00ffcc0c9d",
        "01a2025e-a369-753a-90f9-ff01110812fe",
    ),
    "current-and-ideal-self": (
        "01a20308-53ce-71e1-81e6-cc2062336ea5",
        "01a20308-53ce-71e1-81e6-cc21860efc99",
    ),
    "daily-emotion-check": (
        "01a2025e-a369-753a-90f9-ff02e51510f6",
        "01a2025e-a369-753a-90f9-ff0388f700b0",
    ),
    "family-map": (
        "01a20308-53ce-71e1-81e6-cc228ef31091",
        "01a20308-53ce-71e1-81e6-cc2366f31b66",
    ),
    "feelings-and-facts": (
        "01a20308-53ce-71e1-81e6-cc24ac7ab55a",
        "01a20308-53ce-71e1-81e6-cc250613fac6",
    ),
    "feet-on-the-floor": (
        "01a202fd-5386-77be-948c-c5ff0f2977d2",
        "01a202fd-5386-77be-948c-c60011498bf5",
    ),
    "finding-the-way-back": (
        "01a20304-d7b9-74c8-b732-3152dafe7453",
        "01a20304-d7b9-74c8-b732-3153b415beb8",
    ),
    "five-minute-noticing": (
        "01a2025e-a369-753a-90f9-ff040eff1726",
        "01a2025e-a369-753a-90f9-ff054d3b8b0e",
    ),
    "five-senses-grounding": (
        "01a202fd-5386-77be-948c-c60108d2f940",
        "01a202fd-5386-77be-948c-c6027a2e869f",
    ),
    "following-one-sensation": (
        "01a20304-d7ba-7487-94cb-78406e3b7b60",
        "01a20304-d7ba-7487-94cb-7841431a16a3",
    ),
    "getting-through-the-next-hour": (
        "01a202fd-5386-77be-948c-c603868a8d95",
        "01a202fd-5386-77be-948c-c604225ff5d6",
    ),
    "holding-the-conversation": (
        "01a20301-6ae8-706f-9e53-a0ce3a7831a9",
        "01a20301-6ae8-706f-9e53-a0cf00f9a9ef",
    ),
    "keeping-a-small-promise": (
        "01a20304-d7bc-739c-b22e-bc09a7ca14eb",
        "01a20304-d7bc-739c-b22e-bc0a3dd92078",
    ),
    "letting-someone-be": (
        "01a20301-6ae8-706f-9e53-a0d0d92e1de5",
        "01a20301-6ae8-706f-9e53-a0d11570792e",
    ),
    "longer-out-breath": (
        "01a202fd-5386-77be-948c-c605419bef9b",
        "01a202fd-5386-77be-948c-c60647a69018",
    ),
    "looking-back-at-an-interaction": (
        "01a2025e-a369-753a-90f9-ff06627e620b",
        "01a2025e-a369-753a-90f9-ff07207c7c34",
    ),
    "my-life-in-a-line": (
        "01a20308-53d1-75e1-8a41-bbdbb162b961",
        "01a20308-53d1-75e1-8a41-bbdc5107290b",
    ),
    "name-it-and-stay": (
        "01a2025e-a369-753a-90f9-ff08a01b56e5",
        "01a2025e-a369-753a-90f9-ff09a647d67b",
    ),
    "open-page-journal": (
        "01a20304-d7bd-7767-9370-e193e587fe9b",
        "01a20304-d7bd-7767-9370-e1949431a0a7",
    ),
    "paced-breathing-log": (
        "01a2025e-a369-753a-90f9-ff0a54861121",
        "01a2025e-a369-753a-90f9-ff0b64ac1e3b",
    ),
    "plan-a-difficult-conversation": (
        "01a2025e-a369-753a-90f9-ff0c755f6fcb",
        "01a2025e-a369-753a-90f9-ff0d0f65c381",
    ),
    "rehearsing-out-loud": (
        "01a20308-53d1-75e1-8a41-bbddf22c188c",
        "01a20308-53d1-75e1-8a41-bbded568e1c1",
    ),
    "riding-the-wave": (
        "01a20308-53d1-75e1-8a41-bbdf2a8e81fa",
        "01a20308-53d1-75e1-8a41-bbe0c1ac3999",
    ),
    "say-no-without-over-explaining": (
        "01a2025e-a369-753a-90f9-ff0ec241b05d",
        "01a2025e-a369-753a-90f9-ff0f66b31303",
    ),
    "self-compassion-letter": (
        "01a2025e-a369-753a-90f9-ff1050df3c1c",
        "01a2025e-a369-753a-90f9-ff11abb3a7e5",
    ),
    "sitting-with-it": (
        "01a20304-d7be-769d-a790-7eabdbc1cefb",
        "01a20304-d7be-769d-a790-7eac6796d905",
    ),
    "testing-a-belief": (
        "01a20308-53d2-774b-a068-85c326c5a0cf",
        "01a20308-53d2-774b-a068-85c48805dd7c",
    ),
    "think-say-body": (
        "01a202fd-5387-7737-b699-0f441ad44432",
        "01a202fd-5387-7737-b699-0f45cfbe9413",
    ),
    "thought-record": (
        "01a2025e-a369-753a-90f9-ff1254e0b315",
        "01a2025e-a369-753a-90f9-ff1309ac4e80",
    ),
    "what-acceptance-is-not": (
        "01a20301-6aea-7084-93f0-88c875513253",
        "01a20301-6aea-7084-93f0-88c9508ea0ac",
    ),
    "what-feelings-are-for": (
        "01a20301-6aea-7084-93f0-88ca652d93f5",
        "01a20301-6aea-7084-93f0-88cb47740aea",
    ),
    "what-i-can-let-go-of": (
        "01a2025e-a369-753a-90f9-ff14e0b4df8e",
        "01a2025e-a369-753a-90f9-ff15818d1c6e",
    ),
    "what-i-needed-then-and-now": (
        "01a2025e-a369-753a-90f9-ff16bd947359",
        "01a2025e-a369-753a-90f9-ff17e77b97f1",
    ),
    "what-matters-most": (
        "01a20308-53d3-7748-aefd-a545d4018dd4",
        "01a20308-53d3-7748-aefd-a5461697f41c",
    ),
    "what-my-body-does-with-danger": (
        "01a20304-d7bf-7181-a0f4-a631694f04d8",
        "01a20304-d7bf-7181-a0f4-a632bf930985",
    ),
    "where-patterns-come-from": (
        "01a20301-6aea-7084-93f0-88cc181c2374",
        "01a20301-6aea-7084-93f0-88cd5d17b26a",
    ),
    "which-state-am-i-in": (
        "01a2025e-a369-753a-90f9-ff1855832ea0",
        "01a2025e-a369-753a-90f9-ff1946859d3d",
    ),
    "why-it-made-sense-then": (
        "01a20301-6aeb-71a4-bc38-f6e7c406bad5",
        "01a20301-6aeb-71a4-bc38-f6e8a931158a",
    ),
    "words-for-a-boundary": (
        "01a20301-6aeb-71a4-bc38-f6e9f40f7fc6",
        "01a20301-6aeb-71a4-bc38-f6eab33ee4ed",
    ),
}
