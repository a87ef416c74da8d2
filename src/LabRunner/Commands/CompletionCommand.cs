using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner completion SHELL</c>: a script that asks the program itself, so it never lags behind the commands.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # labrunner completion for bash; to load it:  source <(labrunner completion bash)
        _labrunner() {
          local line=${COMP_LINE:0:COMP_POINT}
          local arguments=${line#"${COMP_WORDS[0]}"}
          arguments=${arguments# }
          local words=$("${COMP_WORDS[0]}" "[suggest:${#arguments}]" "$arguments" 2>/dev/null)
          mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _labrunner labrunner ./labrunner
        """;

    private const string Zsh = """
        #compdef labrunner
        # labrunner completion for zsh; to load it:  source <(labrunner completion zsh)
        _labrunner() {
          local arguments="${(j: :)words[2,CURRENT]}"
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${#arguments}]" "$arguments" 2>/dev/null)}")
          compadd -a found
          (( $#found )) || _files
        }
        compdef _labrunner labrunner ./labrunner
        """;

    private const string Fish = """
        # labrunner completion for fish; to load it:  labrunner completion fish | source
        function __labrunner
          set -l words (commandline -opc) (commandline -ct)
          set -l arguments (string join ' ' -- $words[2..-1])
          $words[1] "[suggest:"(string length -- "$arguments")"]" "$arguments" 2>/dev/null
        end
        complete -c labrunner -a '(__labrunner)'
        """;

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return new Command("completion", "Print a completion script for a shell") { shell }.Does(terminal, (parsed, _) =>
        {
            terminal.Out.WriteLine(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
