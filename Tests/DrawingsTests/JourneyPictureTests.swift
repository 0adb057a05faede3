// SPDX-License-Identifier: Apache-2.0

import Journeys
import Testing

@testable import Drawings

@Suite struct JourneyPictureTests {
    private static let s1 = SwitchID(rawValue: 1)
    private static let s2 = SwitchID(rawValue: 2)

    private static let parts: [JourneyPart] = [
        JourneyPart(.clientLink(s1, .out), 12_000), JourneyPart(.hop(s1, .out), 27_000),
        JourneyPart(.link(s1, s2, .out), 9_000), JourneyPart(.hop(s2, .out), 1_250_000),
        JourneyPart(.serverLinkOneWay(s2, .out), 8_000), JourneyPart(.host, 180_500),
        JourneyPart(.hostSpan(HostSpan(.socketWait)), 170_000), JourneyPart(.hostSpan(HostSpan(.application)), 10_500),
        JourneyPart(.serverLinkOneWay(s2, .back), 3_000), JourneyPart(.hop(s2, .back), 13_000),
        JourneyPart(.link(s2, s1, .back), nil), JourneyPart(.hop(s1, .back), 11_000),
        JourneyPart(.clientLink(s1, .back), 51_000),
    ]

    private func picture(_ parts: [JourneyPart] = Self.parts, title: String = "title") -> String {
        JourneyPicture(parts: parts, title: title, subtitle: "subtitle").svg
    }

    private func count(_ text: String, in svg: String) -> Int {
        svg.split(separator: text, omittingEmptySubsequences: false).count - 1
    }

    @Test func everyPartHasARowWithItsNameAndTime() {
        let svg = picture()
        for part in Self.parts { #expect(svg.contains(">\(part.kind.name())</text>")) }
        #expect(svg.contains(">1250 us</text>"))
        #expect(svg.contains(">8.0 us</text>"))
        // The part without a time, in the waterfall alone.
        #expect(count(">-</text>", in: svg) == 1)
    }

    @Test func everyDirectionOfALinkIsAnArrow() {
        #expect(count("<polygon", in: picture()) == 6)
    }

    @Test func colorsFollowTheViewersPreference() {
        let svg = picture()
        #expect(svg.contains("@media (prefers-color-scheme: dark)"))
        #expect(svg.contains("fill=\"#ffffff\""))
        for index in 0..<8 where svg.contains("class=\"f\(index)\"") { #expect(svg.contains(".f\(index){fill:#")) }
    }

    @Test func textIsEscaped() {
        let svg = picture(title: "a < b & \"c\"")
        #expect(svg.contains("a &lt; b &amp; &quot;c&quot;"))
        #expect(!svg.contains("a < b"))
    }

    @Test func aReturnPathOfItsOwnHasBoxesOfItsOwn() {
        let other = JourneyPart(.hop(SwitchID(rawValue: 7), .back), 5_000)
        let svg = picture(Self.parts.map { $0.kind == .hop(Self.s2, .back) ? other : $0 })
        #expect(svg.contains(">s7</text>"))
        #expect(!svg.contains("nan"))
    }

    @Test func twoHostsWithoutSwitchesAreConnectedDirectly() {
        let svg = picture([
            JourneyPart(.clientStack(.out), 9_900), JourneyPart(.directLink(.out), 5_900), JourneyPart(.host, 433_400),
            JourneyPart(.directLink(.back), 4_000), JourneyPart(.clientStack(.back), 25_300),
        ])
        #expect(count("<polygon", in: svg) == 2)
        #expect(svg.contains(">25.3 us</text>"))
    }

    @Test func aJourneyWithoutTimesIsAPicture() {
        let svg = picture([JourneyPart(.hop(Self.s1, .out), nil), JourneyPart(.host, nil)])
        #expect(svg.hasPrefix("<svg "))
        #expect(!svg.contains("nan") && !svg.contains("inf"))
    }
}
