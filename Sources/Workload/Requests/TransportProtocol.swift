// SPDX-License-Identifier: Apache-2.0

/// What carries requests and their replies.
public enum TransportProtocol: String, Sendable, Hashable, CaseIterable {
    case udp
    case tcp
}
