// SPDX-License-Identifier: Apache-2.0

// Until every user imports the model itself.
@_exported public import Journeys
