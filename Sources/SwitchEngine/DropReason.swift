// SPDX-License-Identifier: Apache-2.0

/// Why a packet or a copy of one ended without leaving: every such end is counted by one of these.
public enum DropReason: Int, Sendable, CaseIterable {
    /// The program left `egress_spec` at the drop port after ingress.
    case ingress
    /// The same after egress.
    case egress
    /// A multicast group that does not exist or has no replicas.
    case emptyGroup
    /// An `assert` or `assume` did not hold.
    case assertion
    /// The (port, priority) queue held its depth already.
    case queueFull
    /// `priority` named no queue.
    case badPriority
    /// Every packet buffer was in use.
    case noBuffer
    /// A frame longer than `maxFrameBytes` arrived or was to be recirculated.
    case frameTooLong
    /// Too many packets waited for another pass.
    case recirculationFull
    /// A packet was resubmitted or recirculated too often.
    case passLimit
    /// The egress port has no interface.
    case noPort
    /// Longer than the outgoing interface's MTU allows.
    case overMTU
    /// The interface's transmit ring had no room.
    case transmitFull
    /// The interface is down or gone.
    case interfaceDown
    /// The kernel refused to send.
    case transmitError
    /// The link's delay line was full.
    case linkFull
    /// The arriving link's delay line was full.
    case arrivalFull
    /// The kernel dropped it before the switch could read it.
    case receiveRing

    /// The name statistics and metrics use.
    public var name: String {
        switch self {
        case .ingress: "ingress"
        case .egress: "egress"
        case .emptyGroup: "empty_group"
        case .assertion: "assertion"
        case .queueFull: "queue_full"
        case .badPriority: "bad_priority"
        case .noBuffer: "no_buffer"
        case .frameTooLong: "frame_too_long"
        case .recirculationFull: "recirculation_full"
        case .passLimit: "pass_limit"
        case .noPort: "no_port"
        case .overMTU: "over_mtu"
        case .transmitFull: "transmit_full"
        case .interfaceDown: "interface_down"
        case .transmitError: "transmit_error"
        case .linkFull: "link_full"
        case .arrivalFull: "arrival_full"
        case .receiveRing: "receive_ring"
        }
    }
}
