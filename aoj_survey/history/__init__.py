"""Earlier waves: from a data file and a mapping file to a protected wave dataset, and their printed totals again."""

from .mapping import WaveMapping, read_wave_mapping
from .printed import Comparison, Reason
from .waves import ImportedWave, import_wave

__all__ = ["Comparison", "ImportedWave", "Reason", "WaveMapping", "import_wave", "read_wave_mapping"]
