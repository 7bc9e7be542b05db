// The release build links the Swift runtime statically. swift-crypto uses FoundationEssentials; imported here as well, in a
// module that is compiled for static linking, it names the static libraries it stands on.
import FoundationEssentials
