// The release build links the Swift runtime statically. Yams uses Foundation; imported here as well, in a
// module that is compiled for static linking, it names the static libraries it stands on.
import Foundation
