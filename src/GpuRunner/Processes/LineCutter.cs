using System.Text;

namespace WanTalk.GpuRunner.Processes;

/// <summary>
/// Cuts a program's output into lines as a terminal would show them in the end: what a carriage return draws over is dropped, so that a
/// progress bar is one line. A line that is too long loses its end, so that a program that never ends one costs no memory.
/// </summary>
internal sealed class LineCutter(Action<string> onLine)
{
    /// <summary>The characters of a line that are kept.</summary>
    public const int MaxLength = 2000;

    private readonly StringBuilder _line = new();
    private bool _cut;
    private bool _drawnOver;

    /// <summary>Takes the next piece of output.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            switch (character)
            {
                case '\n':
                    Emit();
                    break;
                case '\r':
                    _drawnOver = true;
                    break;
                default:
                    Append(character);
                    break;
            }
        }
    }

    /// <summary>The output has ended; what has no line end yet is a line too.</summary>
    public void End()
    {
        if (_line.Length > 0)
        {
            Emit();
        }
    }

    private void Append(char character)
    {
        if (_drawnOver)
        {
            Clear();
        }

        if (_line.Length < MaxLength)
        {
            _line.Append(character);
        }
        else
        {
            _cut = true;
        }
    }

    private void Emit()
    {
        onLine(_cut ? $"{_line}…" : _line.ToString());
        Clear();
    }

    private void Clear()
    {
        _line.Clear();
        (_cut, _drawnOver) = (false, false);
    }
}
