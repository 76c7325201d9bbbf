"""The ids of the shipped exercises and of their versions in order, by slug: none is ever replaced.

The files hold the newest version of each; databases that shipped an older one keep it.
"""

IDS = {
    "a-kind-pause": (
        "01a202fd-5383-7402-bc36-63a7227fcf62",
        "01a202fd-5384-76e5-acd5-07767dd280ca",
        "01a21963-f30c-7596-97a8-7385997b92fd",
    ),
    "a-moment-on-my-timeline": (
        "01a2025e-a368-723a-843c-709f826bda27",
        "01a2025e-a369-753a-90f9-fefb78c057a5",
        "01a21963-f311-749c-87b0-33dcde8bb1a1",
    ),
    "a-page-for-grief": (
        "01a2025e-a369-753a-90f9-fefcdb07451c",
        "01a2025e-a369-753a-90f9-fefdff7e39b2",
        "01a21963-f315-7585-a5e3-84b31b327b50",
    ),
    "a-page-of-radical-acceptance": (
        "01a2025e-a369-753a-90f9-fefecbce155b",
        "01a2025e-a369-753a-90f9-feff4978ca8d",
        "01a21963-f318-75df-bce1-945345c1b420",
    ),
    "after-a-difficult-conversation": (
        "01a20301-6ae5-7742-9376-366fa0a2e50b",
        "01a20301-6ae5-7742-9376-3670db635eb4",
        "01a21963-f31b-7232-a163-a0061cc41083",
    ),
    "after-the-session": (
        "01a202fd-5385-7459-ae75-ba3b62847302",
        "01a202fd-5385-7459-ae75-ba3c8d161579",
        "01a21963-f31e-71f0-b173-b75db9d73615",
    ),
    "asking-for-support": (
        "01a20304-d7b8-7308-a553-aa3348b7f06f",
        "01a20304-d7b8-7308-a553-aa3416d7c586",
        "01a21963-f321-70ef-9eef-83f1f9f2e5f5",
    ),
    "belief-and-its-weight": (
        "01a20308-53cd-7534-a70a-7a180ad053d5",
        "01a20308-53cd-7534-a70a-7a1983b3e9b4",
        "01a21963-f324-7447-b0f0-a36b6723846c",
    ),
    "body-scan": (
        "01a20304-d7b8-7308-a553-aa3546b9cba0",
        "01a20304-d7b8-7308-a553-aa366c2d01a3",
        "01a21963-f328-7602-b813-7ad4f3b001a0",
    ),
    "choosing-a-new-response": (
        "01a2025e-a369-753a-90f9-ff00ffcc0c9d",
        "01a2025e-a369-753a-90f9-ff01110812fe",
        "01a21963-f32b-7413-8cc4-af589d614db0",
    ),
    "current-and-ideal-self": (
        "01a20308-53ce-71e1-81e6-cc2062336ea5",
        "01a20308-53ce-71e1-81e6-cc21860efc99",
        "01a21963-f32e-723f-849c-66d5b2297655",
    ),
    "daily-emotion-check": (
        "01a2025e-a369-753a-90f9-ff02e51510f6",
        "01a2025e-a369-753a-90f9-ff0388f700b0",
        "01a21963-f331-734c-a41e-7b6e47c504a4",
    ),
    "family-map": (
        "01a20308-53ce-71e1-81e6-cc228ef31091",
        "01a20308-53ce-71e1-81e6-cc2366f31b66",
        "01a21963-f334-7626-81e0-4ddb27ba87c0",
    ),
    "feelings-and-facts": (
        "01a20308-53ce-71e1-81e6-cc24ac7ab55a",
        "01a20308-53ce-71e1-81e6-cc250613fac6",
        "01a21963-f338-749d-b46c-5b72ffd9a055",
    ),
    "feet-on-the-floor": (
        "01a202fd-5386-77be-948c-c5ff0f2977d2",
        "01a202fd-5386-77be-948c-c60011498bf5",
        "01a21963-f33b-76c0-b361-6304af6aa3ec",
    ),
    "finding-the-way-back": (
        "01a20304-d7b9-74c8-b732-3152dafe7453",
        "01a20304-d7b9-74c8-b732-3153b415beb8",
        "01a21963-f33e-7394-8455-7df9712d4876",
    ),
    "five-minute-noticing": (
        "01a2025e-a369-753a-90f9-ff040eff1726",
        "01a2025e-a369-753a-90f9-ff054d3b8b0e",
        "01a21963-f341-768e-b8b8-bbde7f73ecc1",
    ),
    "five-senses-grounding": (
        "01a202fd-5386-77be-948c-c60108d2f940",
        "01a202fd-5386-77be-948c-c6027a2e869f",
        "01a21963-f345-72e7-9273-41dc5c351bf6",
    ),
    "following-one-sensation": (
        "01a20304-d7ba-7487-94cb-78406e3b7b60",
        "01a20304-d7ba-7487-94cb-7841431a16a3",
        "01a21963-f348-7429-a2ee-560c07a428ee",
    ),
    "getting-through-the-next-hour": (
        "01a202fd-5386-77be-948c-c603868a8d95",
        "01a202fd-5386-77be-948c-c604225ff5d6",
        "01a21963-f34b-7039-b470-28765842a904",
    ),
    "holding-the-conversation": (
        "01a20301-6ae8-706f-9e53-a0ce3a7831a9",
        "01a20301-6ae8-706f-9e53-a0cf00f9a9ef",
        "01a21963-f34e-7218-90a1-8ce571df7c1e",
    ),
    "keeping-a-small-promise": (
        "01a20304-d7bc-739c-b22e-bc09a7ca14eb",
        "01a20304-d7bc-739c-b22e-bc0a3dd92078",
    ),
    "letting-someone-be": (
        "01a20301-6ae8-706f-9e53-a0d0d92e1de5",
        "01a20301-6ae8-706f-9e53-a0d11570792e",
        "01a21963-f351-7208-a8f4-a7363dde2a73",
    ),
    "longer-out-breath": (
        "01a202fd-5386-77be-948c-c605419bef9b",
        "01a202fd-5386-77be-948c-c60647a69018",
        "01a21963-f355-7280-a239-fd73775916c3",
    ),
    "looking-back-at-an-interaction": (
        "01a2025e-a369-753a-90f9-ff06627e620b",
        "01a2025e-a369-753a-90f9-ff07207c7c34",
        "01a21963-f359-7723-bfbe-7635f3318bce",
    ),
    "my-life-in-a-line": (
        "01a20308-53d1-75e1-8a41-bbdbb162b961",
        "01a20308-53d1-75e1-8a41-bbdc5107290b",
        "01a21963-f35c-72a6-b576-34271b902f44",
    ),
    "name-it-and-stay": (
        "01a2025e-a369-753a-90f9-ff08a01b56e5",
        "01a2025e-a369-753a-90f9-ff09a647d67b",
        "01a21963-f35f-734f-ada6-8bd54464a345",
    ),
    "open-page-journal": (
        "01a20304-d7bd-7767-9370-e193e587fe9b",
        "01a20304-d7bd-7767-9370-e1949431a0a7",
        "01a21963-f367-75be-a79f-d4704dcf56b8",
    ),
    "paced-breathing-log": (
        "01a2025e-a369-753a-90f9-ff0a54861121",
        "01a2025e-a369-753a-90f9-ff0b64ac1e3b",
        "01a21963-f36b-7156-9bcf-4b7d8661efc1",
    ),
    "plan-a-difficult-conversation": (
        "01a2025e-a369-753a-90f9-ff0c755f6fcb",
        "01a2025e-a369-753a-90f9-ff0d0f65c381",
        "01a21963-f36e-72d3-ac48-f481f9ef470e",
    ),
    "rehearsing-out-loud": (
        "01a20308-53d1-75e1-8a41-bbddf22c188c",
        "01a20308-53d1-75e1-8a41-bbded568e1c1",
        "01a21963-f371-7090-99f9-4f5297dcffc7",
    ),
    "riding-the-wave": (
        "01a20308-53d1-75e1-8a41-bbdf2a8e81fa",
        "01a20308-53d1-75e1-8a41-bbe0c1ac3999",
        "01a21963-f375-71ce-8e88-26bbf3114fb2",
    ),
    "say-no-without-over-explaining": (
        "01a2025e-a369-753a-90f9-ff0ec241b05d",
        "01a2025e-a369-753a-90f9-ff0f66b31303",
        "01a21963-f378-7572-9c62-403b74a0712a",
    ),
    "self-compassion-letter": (
        "01a2025e-a369-753a-90f9-ff1050df3c1c",
        "01a2025e-a369-753a-90f9-ff11abb3a7e5",
        "01a21963-f37b-7404-ac05-358c26a7a8d3",
    ),
    "sitting-with-it": (
        "01a20304-d7be-769d-a790-7eabdbc1cefb",
        "01a20304-d7be-769d-a790-7eac6796d905",
        "01a21963-f37e-7124-8270-321c80480753",
    ),
    "testing-a-belief": (
        "01a20308-53d2-774b-a068-85c326c5a0cf",
        "01a20308-53d2-774b-a068-85c48805dd7c",
        "01a21963-f381-772d-8b04-d458b1c6f290",
    ),
    "think-say-body": (
        "01a202fd-5387-7737-b699-0f441ad44432",
        "01a202fd-5387-7737-b699-0f45cfbe9413",
        "01a21963-f385-70c4-bed0-222a0de35c7c",
    ),
    "thought-record": (
        "01a2025e-a369-753a-90f9-ff1254e0b315",
        "01a2025e-a369-753a-90f9-ff1309ac4e80",
        "01a21963-f388-719e-a700-258676e614b3",
    ),
    "what-acceptance-is-not": (
        "01a20301-6aea-7084-93f0-88c875513253",
        "01a20301-6aea-7084-93f0-88c9508ea0ac",
    ),
    "what-feelings-are-for": (
        "01a20301-6aea-7084-93f0-88ca652d93f5",
        "01a20301-6aea-7084-93f0-88cb47740aea",
        "01a21963-f38d-75f9-9fe9-fa2d32a43281",
    ),
    "what-i-can-let-go-of": (
        "01a2025e-a369-753a-90f9-ff14e0b4df8e",
        "01a2025e-a369-753a-90f9-ff15818d1c6e",
        "01a21963-f390-779a-b66a-0f1ca2cc3298",
    ),
    "what-i-needed-then-and-now": (
        "01a2025e-a369-753a-90f9-ff16bd947359",
        "01a2025e-a369-753a-90f9-ff17e77b97f1",
        "01a21963-f393-71ea-8bcc-b6c2d62585d2",
    ),
    "what-matters-most": (
        "01a20308-53d3-7748-aefd-a545d4018dd4",
        "01a20308-53d3-7748-aefd-a5461697f41c",
    ),
    "what-my-body-does-with-danger": (
        "01a20304-d7bf-7181-a0f4-a631694f04d8",
        "01a20304-d7bf-7181-a0f4-a632bf930985",
        "01a21963-f396-7754-a6bb-c7105ccae495",
    ),
    "where-patterns-come-from": (
        "01a20301-6aea-7084-93f0-88cc181c2374",
        "01a20301-6aea-7084-93f0-88cd5d17b26a",
        "01a21963-f399-7584-a0d3-c1497db52481",
    ),
    "which-state-am-i-in": (
        "01a2025e-a369-753a-90f9-ff1855832ea0",
        "01a2025e-a369-753a-90f9-ff1946859d3d",
        "01a21963-f39d-75b7-b847-ffd1677b09eb",
    ),
    "why-it-made-sense-then": (
        "01a20301-6aeb-71a4-bc38-f6e7c406bad5",
        "01a20301-6aeb-71a4-bc38-f6e8a931158a",
        "01a21963-f3a0-7720-a96b-17b2ccf69e02",
    ),
    "words-for-a-boundary": (
        "01a20301-6aeb-71a4-bc38-f6e9f40f7fc6",
        "01a20301-6aeb-71a4-bc38-f6eab33ee4ed",
        "01a21963-f3a3-7770-bbf9-78e92a839898",
    ),
}
