// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import P4Compiler

@Suite struct RejectFixtureTests {
    @Test(arguments: ProgramFixture.all(in: "reject"))
    func tellsWhatIsWrong(_ fixture: ProgramFixture) {
        let diagnostics = fixture.diagnose()
        #expect(diagnostics.hasErrors)
        fixture.compareWithGolden(diagnostics.rendered())
    }
}
