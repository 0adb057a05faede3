// SPDX-License-Identifier: Apache-2.0

// The policies that the tables of INTIngress name: which packets get a record of this switch.

#ifndef INT_SAMPLING_P4
#define INT_SAMPLING_P4

// metadata_t.policy
const bit<3> POLICY_NONE = 0;
const bit<3> POLICY_EVERY = 1;
const bit<3> POLICY_PERIOD = 2;
const bit<3> POLICY_ONE_IN = 3;
const bit<3> POLICY_FLOW = 4;
const bit<3> POLICY_CHANGE = 5;
const bit<3> POLICY_BY_FLOW = 6;

// metadata_t.decision: whether this switch adds its record.
const bit<2> DECISION_NO = 0;
const bit<2> DECISION_YES = 1;
// Egress decides, where the queue's depth is known.
const bit<2> DECISION_IF_CHANGED = 2;

// The registers' index for a port and a policy's parameter: each port has 16 places, in pairs. Two policies that hash
// to the same pair share it; a third one displaces one of them, and `is_new` is then 1.
control PolicyPlace(
    in standard_metadata_t standard_metadata, in bit<48> parameter, out bit<32> place, out bit<1> is_new
) {
    // The parameter plus 1; 0 means that the place is free.
    register<bit<64>>(MAX_PORTS * 16) owners;

    bit<64> name = (bit<64>) parameter + 1;
    bit<64> owner = 0;
    bit<64> neighbour = 0;
    bit<1> side = 0;

    apply {
        is_new = 0;
        hash(place, HashAlgorithm.crc16, (bit<32>) standard_metadata.egress_spec << 4, { parameter }, 32w16);
        owners.read(owner, place);
        if (owner != name) {
            owners.read(neighbour, place ^ 1);
            if (neighbour == name) {
                place = place ^ 1;
            } else {
                is_new = 1;
                // At random, so that a policy that is no longer used is displaced in the end, rather than one in use.
                if (owner != 0) {
                    side = 1;
                    if (neighbour != 0) {
                        random(side, 1w0, 1w1);
                    }
                }
                place = place ^ (bit<32>) side;
                owners.write(place, name);
            }
        }
    }
}

// At most one packet in a period. Only a sampled packet restarts the period, so that traffic faster than the period is
// sampled once per period and never starves.
control PeriodSampler(in metadata_t meta, in standard_metadata_t standard_metadata, out bit<2> decision) {
    register<bit<48>>(MAX_PORTS * 16) last_sample;
    PolicyPlace() policy_place;

    bit<32> place = 0;
    bit<1> is_new = 0;
    bit<48> last = 0;

    apply {
        decision = DECISION_NO;
        policy_place.apply(standard_metadata, meta.policy_parameter, place, is_new);
        last_sample.read(last, place);
        if (is_new == 1 || standard_metadata.ingress_global_timestamp - last >= meta.policy_parameter) {
            last_sample.write(place, standard_metadata.ingress_global_timestamp);
            decision = DECISION_YES;
        }
    }
}

// One packet of every n, at a random position in each window: a regular pattern of traffic cannot keep a flow out of
// the sample, and no two samples are more than 2 n - 1 packets apart.
control WindowSampler(in metadata_t meta, in standard_metadata_t standard_metadata, out bit<2> decision) {
    // Packets of the window so far, and the position of the one to sample.
    register<bit<32>>(MAX_PORTS * 16) window_position;
    register<bit<32>>(MAX_PORTS * 16) window_choice;
    PolicyPlace() policy_place;

    bit<32> place = 0;
    bit<1> is_new = 0;
    bit<32> position = 0;
    bit<32> choice = 0;
    bit<32> size = (bit<32>) meta.policy_parameter;

    apply {
        policy_place.apply(standard_metadata, meta.policy_parameter, place, is_new);
        window_position.read(position, place);
        if (is_new == 1 || position >= size) {
            position = 0;
        }
        if (position == 0) {
            if (size > 1) {
                random(choice, 32w0, size - 1);
            }
            window_choice.write(place, choice);
        } else {
            window_choice.read(choice, place);
        }
        decision = position == choice ? DECISION_YES : DECISION_NO;
        position = position + 1;
        window_position.write(place, position < size ? position : 32w0);
    }
}

// The first packet of a flow, and then one of every n.
control FlowSampler(in metadata_t meta, in bit<32> flow, out bit<2> decision) {
    register<bit<32>>(FLOW_SLOTS) sampled_flow;
    register<bit<32>>(FLOW_SLOTS) sampled_packets;

    bit<32> slot = flow & (FLOW_SLOTS - 1);
    // Never 0, which means that the slot is free.
    bit<32> name = flow | 1;
    bit<32> owner = 0;
    bit<32> packets = 0;

    apply {
        decision = DECISION_NO;
        sampled_flow.read(owner, slot);
        sampled_packets.read(packets, slot);
        packets = packets + 1;
        if (owner != name) {
            sampled_flow.write(slot, name);
            decision = DECISION_YES;
        } else if (packets >= (bit<32>) meta.policy_parameter) {
            decision = DECISION_YES;
        }
        sampled_packets.write(slot, decision == DECISION_YES ? 32w0 : packets);
    }
}

control Sampler(in headers_t hdr, inout metadata_t meta, in standard_metadata_t standard_metadata) {
    PeriodSampler() period;
    WindowSampler() window;
    FlowSampler() by_flow;
    FlowNumber() flow_number;

    bit<32> flow = 0;
    bit<2> decision = DECISION_NO;

    apply {
        if (meta.policy == POLICY_EVERY) {
            decision = DECISION_YES;
        } else if (meta.policy == POLICY_PERIOD) {
            period.apply(meta, standard_metadata, decision);
        } else if (meta.policy == POLICY_ONE_IN) {
            window.apply(meta, standard_metadata, decision);
        } else if (meta.policy == POLICY_FLOW) {
            flow_number.apply(hdr, flow);
            by_flow.apply(meta, flow, decision);
        } else if (meta.policy == POLICY_CHANGE) {
            decision = DECISION_IF_CHANGED;
        }
        meta.decision = decision;
    }
}

// Whether the class of this switch's queue or latency has changed since the flow's last record, or that record is older
// than the policy's keep-alive.
control ChangeDetector(
    in headers_t hdr, in metadata_t meta, in standard_metadata_t standard_metadata, in bit<4> class, out bit<2> decision
) {
    register<bit<32>>(FLOW_SLOTS) changed_flow;
    register<bit<8>>(FLOW_SLOTS) changed_class;
    register<bit<48>>(FLOW_SLOTS) changed_time;
    FlowNumber() flow_number;

    bit<32> flow = 0;
    bit<32> slot = 0;
    bit<32> owner = 0;
    bit<8> last_class = 0;
    bit<48> last_time = 0;

    apply {
        decision = DECISION_NO;
        flow_number.apply(hdr, flow);
        slot = flow & (FLOW_SLOTS - 1);
        changed_flow.read(owner, slot);
        changed_class.read(last_class, slot);
        changed_time.read(last_time, slot);
        if (owner != (flow | 1) || last_class != (bit<8>) class
            || standard_metadata.egress_global_timestamp - last_time >= meta.policy_parameter) {
            changed_flow.write(slot, flow | 1);
            changed_class.write(slot, (bit<8>) class);
            changed_time.write(slot, standard_metadata.egress_global_timestamp);
            decision = DECISION_YES;
        }
    }
}

#endif
