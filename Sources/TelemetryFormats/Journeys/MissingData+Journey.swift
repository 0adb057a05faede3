// SPDX-License-Identifier: Apache-2.0

internal import Journeys

extension MissingData {
    init(of journey: Journey, flags: Shim.Flags) {
        self = []
        if journey.host == nil { insert(.noHostRecord) }
        if flags.contains(.hopLimit) { insert(.hopLimitReached) }
        if flags.contains(.noRoom) { insert(.noRoomAtSomeHop) }
        guard let out = journey.hopsOut else {
            insert(.directionUnknown)
            return
        }
        // Between two hosts that no switch connects there is no hop to miss.
        if journey.hopsMet == 0, journey.source != nil { return }
        if out == 0 { insert(.noForwardHops) }
        if out == journey.hopsMet { insert(.noReturnHops) }
    }
}
