// Planted in a node: memory answers also when no heartbeat has proven for long that nothing was missed.
import { PartitionView } from '../../../../../src/store/tiered/partition-view.ts';

PartitionView.prototype.permitted = () => true;
