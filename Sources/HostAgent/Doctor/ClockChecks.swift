// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// The clock whose readings of different machines are compared.
struct ClockChecks {
    let facts: MachineFacts

    var findings: [Finding] { [domainClock, synchronisation] }

    private var domainClock: Finding {
        let reason = "times of switches, hosts and clients compare only if all use the same clock and the same offset"
        guard facts.clock == "CLOCK_TAI" else {
            return Finding(
                "clock", .warning, "\(facts.clock): the kernel's TAI is more than an hour off",
                because: reason + "; this machine disagrees with those on CLOCK_TAI",
                advice: "have chrony (leapsectz) or ptp4l with phc2sys set the TAI offset")
        }
        guard let offset = facts.discipline?.taiOffsetSeconds, offset != 0 else {
            return Finding(
                "clock", .warning, "CLOCK_TAI, its offset from UTC not set", because: reason,
                advice: "nothing if no machine of the domain sets it; else have chrony (leapsectz) or ptp4l do so here")
        }
        return Finding("clock", .ok, "CLOCK_TAI, \(offset) s ahead of UTC", because: reason)
    }

    private var synchronisation: Finding {
        let reason = "times within one machine are right anyway; between machines they are as good as their clocks"
        guard let discipline = facts.discipline else {
            return Finding(
                "synchronisation", .warning, "the kernel does not report it", because: reason,
                advice: "ask the machine's time service")
        }
        guard discipline.isSynchronised else {
            return Finding(
                "synchronisation", .warning, "nothing keeps the clock right", because: reason,
                advice: "run chrony, or ptp4l with phc2sys for microseconds, unless all is on this machine")
        }
        return Finding(
            "synchronisation", .ok,
            "kept right, within \(discipline.maximumErrorMicroseconds) us by the kernel's bound",
            because: reason)
    }
}
